import type { MessagePosted } from '../../server/features/messages/events.ts';

/** Words of one kind of text, and letters of the other; the first are the most frequent. */
const WORDS = 30_000;
const LETTERS = 4_000;
const SYLLABLES = 'ka lo mi ter an shi per on ve ra tu ne qui bor sel dra'.split(' ');
/** Every message ends with one of these: the most frequent words that never occur together. */
const ENDS = ['oddly', 'evenly'] as const;

/** Messages with realistic word frequencies: the same ones in each run. */
export class Corpus {
  #state = 12_345;
  #count = 0;

  next(): MessagePosted {
    this.#count += 1;
    const n = this.#count;
    const body = `${this.#isChinese() ? this.#letters() : this.#words()} ${ENDS[n % 2]}`;
    const uid = `user ${n % 50}`;
    // One in a hundred is posted in a small room.
    const room = n % 100 === 0 ? 'small' : 'big';
    const who = { uid, name: null, isModerator: false, address: '', browser: null };
    return { kind: 'message-posted', room, who, cid: `${n}`, body, reply: null, files: [], at: n };
  }

  #isChinese(): boolean {
    return this.#random() < 0.4;
  }

  #words(): string {
    return this.#some(3, 20, () => wordOf(this.#rank(WORDS))).join(' ');
  }

  #letters(): string {
    return this.#some(4, 24, () => letterOf(this.#rank(LETTERS))).join('');
  }

  #some(least: number, span: number, make: () => string): string[] {
    return Array.from({ length: least + Math.floor(this.#random() * span) }, make);
  }

  /** The n-th is n times rarer than the first. */
  #rank(max: number): number {
    return Math.floor(max ** this.#random()) - 1;
  }

  /** Marsaglia's xorshift32. */
  #random(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }
}

export function wordOf(rank: number): string {
  const last = SYLLABLES[rank % 16] ?? '';
  return rank < 16 ? last : wordOf(Math.floor(rank / 16)) + last;
}

export function letterOf(rank: number): string {
  return String.fromCodePoint(0x4e00 + rank);
}
