import { readLocal, writeLocal } from '../lib/storage.ts';

const KEY = 'muted';
/** The one muted first is heard again when there are more. */
const MOST = 500;

/** Those whom the one at this browser does not want to hear. */
export class Mutes {
  readonly #muted = new Set<string>(readLocal<string[]>(KEY, []));

  has(uid: string): boolean {
    return this.#muted.has(uid);
  }

  toggle(uid: string): void {
    if (!this.#muted.delete(uid)) this.#muted.add(uid);
    const [first] = this.#muted;
    if (this.#muted.size > MOST && first !== undefined) this.#muted.delete(first);
    writeLocal(KEY, [...this.#muted]);
  }
}
