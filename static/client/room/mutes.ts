import { readLocal, writeLocal } from '../lib/storage.ts';

const KEY = 'muted';
/** With more than this, the oldest mute is lifted. */
const MAX_MUTES = 500;

/** Users that are muted in this browser. */
export class Mutes {
  readonly #muted = new Set<string>(readLocal<string[]>(KEY, []));

  has(uid: string): boolean {
    return this.#muted.has(uid);
  }

  toggle(uid: string): void {
    if (!this.#muted.delete(uid)) this.#muted.add(uid);
    const [first] = this.#muted;
    if (this.#muted.size > MAX_MUTES && first !== undefined) this.#muted.delete(first);
    writeLocal(KEY, [...this.#muted]);
  }
}
