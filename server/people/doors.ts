import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readCookie } from '../edge/cookies.ts';
import type { Keys } from './keys.ts';

export const SERVER_PASS = 'pass';
export const ROOM_PASS = 'room-pass';

/** What a program presents at the doors: the word of the room as user, that of the server as password. */
export interface Words {
  readonly room: string;
  readonly server: string;
}

/** The passes that browsers are given who said the right word, and bring back as cookies. */
export class Doors {
  readonly #keys: Keys;
  /** The word one needs to enter the server. */
  readonly #passcode: string | undefined;

  constructor(keys: Keys, passcode: string | undefined) {
    this.#keys = keys;
    this.#passcode = passcode;
  }

  /** Whether one needs a word to enter the server. */
  get isClosed(): boolean {
    return this.#passcode !== undefined;
  }

  isPasscode(word: string): boolean {
    if (this.#passcode === undefined) return true;
    const [given, expected] = [word, this.#passcode].map(digest);
    return given !== undefined && expected !== undefined && timingSafeEqual(given, expected);
  }

  /** A pass to the server. Another word makes it worthless. */
  serverPass(): string {
    return this.#keys.sign(serverText(this.#passcode));
  }

  /** Whether whoever makes the request may enter the server. */
  admits(request: IncomingMessage): boolean {
    if (this.#passcode === undefined) return true;
    const pass = readCookie(request, SERVER_PASS);
    if (pass !== undefined && this.#keys.verify(serverText(this.#passcode), pass)) return true;
    const words = wordsOf(request);
    return words !== undefined && this.isPasscode(words.server);
  }

  /** A pass to a room whose word has this hash. */
  roomPass(room: string, hash: string): string {
    return this.#keys.sign(roomText(room, hash));
  }

  hasRoomPass(request: IncomingMessage, room: string, hash: string): boolean {
    const pass = readCookie(request, ROOM_PASS);
    return pass !== undefined && this.#keys.verify(roomText(room, hash), pass);
  }
}

/** The words a program presents, by Basic authentication (RFC 7617). */
export function wordsOf({ headers }: IncomingMessage): Words | undefined {
  const [, encoded] = /^Basic ([\w+/]+=*)$/i.exec(headers.authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const [, room = '', server = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return { room, server };
}

function serverText(passcode = ''): string {
  return `server ${digest(passcode).toString('base64url')}`;
}

function roomText(room: string, hash: string): string {
  return `room ${room} ${hash}`;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text.normalize('NFKC').trim()).digest();
}
