import type { IncomingMessage } from 'node:http';

/** The value of a cookie (RFC 6265, section 4.2); of two by one name, the first. */
export function readCookie({ headers }: IncomingMessage, name: string): string | undefined {
  for (const pair of headers.cookie?.split(';') ?? []) {
    const [key, value] = pair.split('=', 2);
    if (key?.trim() === name) return value?.trim();
  }
  return undefined;
}
