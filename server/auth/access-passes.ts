import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ChatError } from '../core/errors.ts';
import { readCookies } from '../http/request/cookies.ts';
import { isTooLong } from '../shared/length.ts';
import { constantTimeEqual } from './constant-time-equal.ts';
import type { Keyring } from './keyring.ts';
import type { PasswordAttempts } from './password-attempts.ts';

/** The longest word of the server, in UTF-16 units. */
export const MAX_SERVER_PASSWORD = 200;

export const SERVER_PASS = 'pass';
/** What the name of a room's pass begins with; what tells the room follows it. */
export const ROOM_PASS = 'room-pass-';
/** A pass to a room as servers before this one gave it: for the paths of the room alone. */
const OLD_ROOM_PASS = 'room-pass';

/** What a program presents at the doors: the word of the room as user, that of the server as password. */
export interface BasicCredentials {
  readonly room: string;
  readonly server: string;
}

/** The passes that browsers are given who said the right word, and bring back as cookies. */
export class AccessPasses {
  readonly #keys: Keyring;
  /** The word one needs to enter the server. */
  readonly #passcode: string | undefined;
  readonly #attempts: PasswordAttempts;

  constructor(keys: Keyring, passcode: string | undefined, attempts: PasswordAttempts) {
    this.#keys = keys;
    this.#passcode = passcode;
    this.#attempts = attempts;
  }

  /**
   * Tries the word of the server.
   * @param next where a browser goes on when it has said it
   * @throws ChatError where it is another, or there were too many tries
   */
  submitServerPassword(word: string, request: IncomingMessage, address: string, next = '/'): void {
    const passcode = this.#passcode;
    if (passcode === undefined) return;
    const attempt = this.#attempts.begin('server', request, address);
    if (
      isTooLong(word, MAX_SERVER_PASSWORD) ||
      !constantTimeEqual(digest(word), digest(passcode))
    ) {
      throw new ChatError('wrong-passcode', { next });
    }
    attempt.succeed();
  }

  /** A pass to the server. Another word makes it worthless. */
  issueServerPass(): string {
    return this.#keys.sign(serverText(this.#passcode));
  }

  /** @throws ChatError where whoever makes the request may not enter the server */
  requireServerAccess(request: IncomingMessage, address: string, next = '/'): void {
    if (this.#passcode === undefined) return;
    if (this.#hasPass(request, SERVER_PASS, serverText(this.#passcode))) return;
    const words = basicCredentials(request);
    if (!words?.server) throw new ChatError('needs-passcode', { next });
    this.submitServerPassword(words.server, request, address, next);
  }

  /** A pass to a room whose word has this hash. */
  issueRoomPass(room: string, hash: string): string {
    return this.#keys.sign(roomText(room, hash));
  }

  hasRoomPass(request: IncomingMessage, room: string, hash: string): boolean {
    return [ROOM_PASS + roomPassId(room), OLD_ROOM_PASS].some((name) =>
      this.#hasPass(request, name, roomText(room, hash)),
    );
  }

  /** Any pass by the name will do: one to a password of before may come with it. */
  #hasPass(request: IncomingMessage, name: string, text: string): boolean {
    return readCookies(request, name).some((pass) => this.#keys.verify(text, pass));
  }
}

/** The words a program presents, by Basic authentication (RFC 7617). */
export function basicCredentials({ headers }: IncomingMessage): BasicCredentials | undefined {
  const [, encoded] = /^Basic ([\w+/]+=*)$/i.exec(headers.authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const [, room = '', server = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return { room, server };
}

/** A room in the name of a cookie, which has no letters of other scripts (RFC 6265, section 4.1.1). */
export function roomPassId(room: string): string {
  return createHash('sha256').update(room).digest('base64url').slice(0, 11);
}

function serverText(passcode = ''): string {
  return `server ${digest(passcode)}`;
}

function roomText(room: string, hash: string): string {
  return `room ${room} ${hash}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text.normalize('NFKC').trim()).digest('base64url');
}
