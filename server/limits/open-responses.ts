import type { ServerResponse } from 'node:http';
import { ChatError } from '../core/errors.ts';

/** Responses under way to one address: a school behind one router opens a page and its files at once. */
const MAX_OPEN = 2_000;
/** Bytes that wait for one address to take them. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;

/** Counts the responses under way to each address, so that none of them fills the memory. */
export class OpenResponses {
  readonly #isLimited: boolean;
  /** Those of whom something is open: no more than there are connections. */
  readonly #open = new Map<string, Set<ServerResponse>>();

  constructor(isLimited: boolean) {
    this.#isLimited = isLimited;
  }

  /** How many are under way to an address. */
  countOf(address: string): number {
    return this.#open.get(address)?.size ?? 0;
  }

  /** @throws ChatError where too many are under way to the address, or too much waits for it */
  add(address: string, response: ServerResponse): void {
    const open = this.#open.get(address) ?? new Set();
    if (this.#isLimited && (open.size >= MAX_OPEN || unreadBytes(open) >= MAX_UNREAD_BYTES)) {
      throw new ChatError('too-many-connections');
    }
    open.add(response);
    this.#open.set(address, open);
    response.once('close', () => {
      open.delete(response);
      if (open.size === 0) this.#open.delete(address);
    });
  }
}

function unreadBytes(responses: Iterable<ServerResponse>): number {
  let bytes = 0;
  for (const response of responses) bytes += response.writableLength;
  return bytes;
}
