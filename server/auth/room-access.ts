import type { IncomingMessage } from 'node:http';
import type { Admission } from '../core/admission.ts';
import { ChatError } from '../core/errors.ts';
import { roomPath } from '../shared/routes.ts';
import { type AccessPasses, basicCredentials } from './access-passes.ts';
import type { BrowserCookies } from './browsers.ts';
import type { PasswordAttempts } from './password-attempts.ts';
import { accessDenial } from './permissions.ts';
import { verifyRoomPassword } from './room-password.ts';
import type { Settings } from './room-settings.ts';
import { principalOf, type User } from './user.ts';

/** A room, as far as access to it depends on it. */
interface RestrictedRoom {
  readonly name: string;
  readonly settings: Settings;
}

/** Admits clients to rooms, however they connect. */
export class RoomAccess {
  readonly #accessPasses: AccessPasses;
  readonly #browsers: BrowserCookies;
  readonly #attempts: PasswordAttempts;

  constructor(accessPasses: AccessPasses, browsers: BrowserCookies, attempts: PasswordAttempts) {
    this.#accessPasses = accessPasses;
    this.#browsers = browsers;
    this.#attempts = attempts;
  }

  /**
   * @param next the page that was requested, if any
   * @returns what admitted them
   * @throws ChatError where they may not be in the room
   */
  authorize(
    room: RestrictedRoom,
    request: IncomingMessage,
    user: User | undefined,
    address: string,
    next?: string,
  ): Admission {
    const { name, settings } = room;
    const { passwordHash } = settings;
    const who = user ?? principalOf(address, this.#browsers.find(request)?.id ?? null);
    const admission = { who, passwordHash: null };
    const why = accessDenial(settings, admission, Date.now());
    if (why === 'banned') throw new ChatError(why);
    if (why === undefined || passwordHash === null) return admission;
    if (!this.#accessPasses.hasRoomPass(request, name, passwordHash)) {
      const words = basicCredentials(request);
      if (!words?.room) throw accessError(why, name, next);
      this.submitPassword(room, words.room, request, address, next);
    }
    return { ...admission, passwordHash };
  }

  /** Whether a client may be in the room with what their browser has. */
  mayEnter(
    { name, settings }: RestrictedRoom,
    request: IncomingMessage,
    user: User | undefined,
    address: string,
  ): boolean {
    const { passwordHash } = settings;
    const who = user ?? principalOf(address, this.#browsers.find(request)?.id ?? null);
    const why = accessDenial(settings, { who, passwordHash: null }, Date.now());
    if (why === undefined) return true;
    if (why === 'banned' || passwordHash === null) return false;
    return this.#accessPasses.hasRoomPass(request, name, passwordHash);
  }

  /** @throws ChatError where an admitted client may not be in the room any more */
  recheck({ name, settings }: RestrictedRoom, admission: Admission, next?: string): void {
    const why = accessDenial(settings, admission, Date.now());
    if (why === 'password-required') throw accessError(why, name, next);
    if (why) throw new ChatError(why);
  }

  /** Checks a password. @throws ChatError where it is wrong, or there were too many attempts */
  submitPassword(
    { name, settings }: RestrictedRoom,
    password: string,
    request: IncomingMessage,
    address: string,
    next?: string,
  ): void {
    if (settings.passwordHash === null) return;
    const attempt = this.#attempts.begin(`room ${name}`, request, address);
    if (!verifyRoomPassword(password, settings.passwordHash))
      throw accessError('wrong-password', name, next);
    attempt.succeed();
  }
}

/** The error says where to continue once the password is given. */
function accessError(
  code: 'password-required' | 'wrong-password',
  room: string,
  next = roomPath(room),
): ChatError {
  return new ChatError(code, { room, next });
}
