import type { IncomingMessage } from 'node:http';
import type { Backoff } from '../edge/backoff.ts';
import { Refusal } from '../errors.ts';
import { type Doors, wordsOf } from '../people/doors.ts';
import { anybody, type Person } from '../people/person.ts';
import { pathOf } from '../room-path.ts';
import { type Admission, barrier } from './admission.ts';
import type { Room } from './room.ts';
import { isWord } from './word.ts';

/** Lets those into a room who may be in it, whatever the way they come. */
export class Door {
  readonly #doors: Doors;
  readonly #guesses: Backoff;

  constructor(doors: Doors, guesses: Backoff) {
    this.#doors = doors;
    this.#guesses = guesses;
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
    const admission = { who: anybody(person, address), word: null };
    const why = barrier(settings, admission, Date.now());
    if (why === 'removed') throw new Refusal(why);
    if (why === undefined || word === null) return admission;
    if (!this.#doors.hasRoomPass(request, name, word)) {
      const words = wordsOf(request);
      if (!words?.room) throw refusal(why, name, next);
      this.say(room, words.room, address, next);
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
  say({ name, settings }: Room, word: string, address: string, next?: string): void {
    const isRight = () => settings.word === null || isWord(word, settings.word);
    const wrong = refusal('wrong-word', name, next);
    this.#guesses.guess(`${address} room ${name}`, isRight, wrong);
  }
}

/** Where one who says the word goes on is part of what is told. */
function refusal(code: 'needs-word' | 'wrong-word', room: string, next = pathOf(room)): Refusal {
  return new Refusal(code, { room, next });
}
