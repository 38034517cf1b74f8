import type { IncomingMessage } from 'node:http';
import type { Backoff } from '../edge/backoff.ts';
import { Refusal } from '../errors.ts';
import { type Doors, wordsOf } from '../people/doors.ts';
import { anybody, type Person } from '../people/person.ts';
import { pathOf } from '../room-path.ts';
import { isKeeper, sanctionOf } from '../store/settings.ts';
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
   * @throws Refusal where somebody may not be in the room
   */
  enter(
    room: Room,
    request: IncomingMessage,
    person: Person | undefined,
    address: string,
    next?: string,
  ): void {
    const { name, settings } = room;
    const who = anybody(person, address);
    if (sanctionOf(settings, who, 'removed', Date.now())) throw new Refusal('removed');
    if (settings.word === null || isKeeper(settings, who)) return;
    if (this.#doors.hasRoomPass(request, name, settings.word)) return;
    const words = wordsOf(request);
    if (!words?.room) throw refusal('needs-word', name, next);
    this.say(room, words.room, address, next);
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
