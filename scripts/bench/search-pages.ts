import type { MeasuredServer } from './server.ts';

/**
 * Searches for a text over HTTP, several times, one after the other.
 * @returns how long each took, until the page of its results had arrived, in milliseconds
 */
export async function searchPages(
  { port }: Pick<MeasuredServer, 'port'>,
  room: string,
  text: string,
  rounds: number,
): Promise<number[]> {
  const url = `http://127.0.0.1:${port}/rooms/${room}/search?q=${encodeURIComponent(text)}`;
  const times: number[] = [];
  while (times.length < rounds) {
    const start = performance.now();
    const response = await fetch(url, { headers: { Accept: 'text/html' } });
    const page = await response.text();
    times.push(performance.now() - start);
    if (!response.ok) throw new Error(`A search for ${text} was rejected: ${page}`);
  }
  return times;
}
