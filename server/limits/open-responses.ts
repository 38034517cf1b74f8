import type { ServerResponse } from 'node:http';
import { ChatError } from '../core/errors.ts';

/** Open responses to one address: a school behind one router opens a page and its files at once. */
const MAX_OPEN = 2_000;
/** Bytes that are queued for one address. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;

/** Counts the open responses to each address, so that none of them fills the memory. */
export class OpenResponses {
  readonly #isLimited: boolean;
  /** Addresses with open responses: no more than there are connections. */
  readonly #open = new Map<string, Set<ServerResponse>>();

  constructor(isLimited: boolean) {
    this.#isLimited = isLimited;
  }

  /** How many responses to an address are open. */
  countOf(address: string): number {
    return this.#open.get(address)?.size ?? 0;
  }

  /** @throws ChatError where the address has too many open responses, or too much queued */
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
