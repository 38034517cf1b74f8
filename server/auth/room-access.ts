import type { IncomingMessage } from 'node:http';
import { Refusal } from '../core/errors.ts';
import type { Room } from '../core/room.ts';
import { pathOf } from '../shared/routes.ts';
import { type Doors, wordsOf } from './access-passes.ts';
import { type Admission, barrier } from './admission.ts';
import type { Browsers } from './browsers.ts';
import type { PasswordAttempts } from './password-attempts.ts';
import { isWord } from './room-password.ts';
import { anybody, type Person } from './user.ts';

/** Lets those into a room who may be in it, whatever the way they come. */
export class Door {
  readonly #doors: Doors;
  readonly #browsers: Browsers;
  readonly #attempts: PasswordAttempts;

  constructor(doors: Doors, browsers: Browsers, attempts: PasswordAttempts) {
    this.#doors = doors;
    this.#browsers = browsers;
    this.#attempts = attempts;
  }

  /**
   * @param next the page that was asked for, if it was one
   * @returns by what they are let in
   * @throws Refusal where somebody may not be in the room
   */
  enter(
    room: Room,
    request: IncomingMessage,
    person: Person | undefined,
    address: string,
    next?: string,
  ): Admission {
    const { name, settings } = room;
    const { word } = settings;
    const who = person ?? anybody(address, this.#browsers.find(request)?.id ?? null);
    const admission = { who, word: null };
    const why = barrier(settings, admission, Date.now());
    if (why === 'removed') throw new Refusal(why);
    if (why === undefined || word === null) return admission;
    if (!this.#doors.hasRoomPass(request, name, word)) {
      const words = wordsOf(request);
      if (!words?.room) throw refusal(why, name, next);
      this.say(room, words.room, request, address, next);
    }
    return { ...admission, word };
  }

  /** @throws Refusal where one who was let in may not be in the room any more */
  check({ name, settings }: Room, admission: Admission, next?: string): void {
    const why = barrier(settings, admission, Date.now());
    if (why === 'needs-word') throw refusal(why, name, next);
    if (why) throw new Refusal(why);
  }

  /** Tries a word. @throws Refusal where it is another, or there were too many tries */
  say(
    { name, settings }: Room,
    word: string,
    request: IncomingMessage,
    address: string,
    next?: string,
  ): void {
    if (settings.word === null) return;
    const attempt = this.#attempts.begin(`room ${name}`, request, address);
    if (!isWord(word, settings.word)) throw refusal('wrong-word', name, next);
    attempt.succeed();
  }
}

/** Where one who says the word goes on is part of what is told. */
function refusal(code: 'needs-word' | 'wrong-word', room: string, next = pathOf(room)): Refusal {
  return new Refusal(code, { room, next });
}
