import type { TestUser } from './test-user.ts';

/** Uploads a file to a room, to attach it to a message. */
export function uploadFile(
  guest: TestUser,
  name: string,
  body: Buffer<ArrayBuffer> | string,
  room = 'a',
  signal: AbortSignal | null = null,
): Promise<Response> {
  const query = new URLSearchParams({ name });
  return fetch(`http://127.0.0.1:${guest.port}/rooms/${room}/files?${query}`, {
    method: 'POST',
    headers: { ...guest.headers, Accept: 'application/json' },
    body,
    signal,
  });
}
