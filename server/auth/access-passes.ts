import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ChatError } from '../core/errors.ts';
import { readCookies } from '../http/request/cookies.ts';
import { isTooLong } from '../shared/length.ts';
import { constantTimeEqual } from './constant-time-equal.ts';
import type { Keyring } from './keyring.ts';
import type { PasswordAttempts } from './password-attempts.ts';

/** The longest server password, in UTF-16 units. */
export const MAX_SERVER_PASSWORD = 200;

export const SERVER_PASS = 'pass';
/** The prefix of the name of a room pass; what identifies the room follows it. */
export const ROOM_PASS = 'room-pass-';
/** A room pass as earlier versions set it: for the paths of the room alone. */
const OLD_ROOM_PASS = 'room-pass';

/** What a program sends: the room password as user, the server password as password. */
interface BasicCredentials {
  readonly room: string;
  readonly server: string;
}

/** The passes that browsers get for the right password, and send back as cookies. */
export class AccessPasses {
  readonly #keys: Keyring;
  /** The server password. */
  readonly #serverPassword: string | undefined;
  readonly #attempts: PasswordAttempts;

  constructor(keys: Keyring, serverPassword: string | undefined, attempts: PasswordAttempts) {
    this.#keys = keys;
    this.#serverPassword = serverPassword;
    this.#attempts = attempts;
  }

  /**
   * Checks a server password.
   * @param next where a browser continues afterwards
   * @throws ChatError where it is wrong, or there were too many attempts
   */
  submitServerPassword(
    password: string,
    request: IncomingMessage,
    address: string,
    next = '/',
  ): void {
    const serverPassword = this.#serverPassword;
    if (serverPassword === undefined) return;
    const attempt = this.#attempts.begin('server', request, address);
    if (
      isTooLong(password, MAX_SERVER_PASSWORD) ||
      !constantTimeEqual(digest(password), digest(serverPassword))
    ) {
      throw new ChatError('wrong-server-password', { next });
    }
    attempt.succeed();
  }

  /** A pass to the server. Changing the password invalidates it. */
  issueServerPass(): string {
    return this.#keys.sign(serverText(this.#serverPassword));
  }

  /** @throws ChatError where the client may not enter the server */
  requireServerAccess(request: IncomingMessage, address: string, next = '/'): void {
    if (this.#serverPassword === undefined) return;
    if (this.#hasPass(request, SERVER_PASS, serverText(this.#serverPassword))) return;
    const words = basicCredentials(request);
    if (!words?.server) throw new ChatError('server-password-required', { next });
    this.submitServerPassword(words.server, request, address, next);
  }

  /** A pass to a room whose password has this hash. */
  issueRoomPass(room: string, hash: string): string {
    return this.#keys.sign(roomText(room, hash));
  }

  hasRoomPass(request: IncomingMessage, room: string, hash: string): boolean {
    return [ROOM_PASS + roomPassId(room), OLD_ROOM_PASS].some((name) =>
      this.#hasPass(request, name, roomText(room, hash)),
    );
  }

  /** Any pass with the name will do: one for an earlier password may be sent with it. */
  #hasPass(request: IncomingMessage, name: string, text: string): boolean {
    return readCookies(request, name).some((pass) => this.#keys.verify(text, pass));
  }
}

/** The passwords that a program sends, by Basic authentication (RFC 7617). */
export function basicCredentials({ headers }: IncomingMessage): BasicCredentials | undefined {
  const [, encoded] = /^Basic ([\w+/]+=*)$/i.exec(headers.authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const [, room = '', server = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return { room, server };
}

/** A room in the name of a cookie, which allows no other scripts (RFC 6265, section 4.1.1). */
export function roomPassId(room: string): string {
  return createHash('sha256').update(room).digest('base64url').slice(0, 11);
}

function serverText(serverPassword = ''): string {
  return `server ${digest(serverPassword)}`;
}

function roomText(room: string, hash: string): string {
  return `room ${room} ${hash}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text.normalize('NFKC').trim()).digest('base64url');
}
