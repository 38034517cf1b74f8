import type { DatabaseSync } from 'node:sqlite';
import { NEWEST_FORMAT } from '../core/format.ts';

/**
 * The rules by which events are applied now. Those of a shared log are a part of it: they change at one of
 * its places, the same on all servers. A store that is not part of one is alone, and has the newest.
 */
export class FormatInForce {
  readonly #select;
  readonly #update;

  constructor(db: DatabaseSync) {
    this.#select = db.prepare('SELECT format FROM replica');
    this.#update = db.prepare('UPDATE replica SET format = ?');
  }

  get current(): number {
    return Number(this.#select.get()?.format ?? NEWEST_FORMAT);
  }

  raise(format: number): void {
    this.#update.run(format);
  }
}
