import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { uid } from '../fields.ts';

/** The file in the data directory by which `typhoon erase` asks the server that uses it. */
export const ERASE_REQUEST = 'erase-request';

/** Users whom one request may name. */
const MAX_UIDS = 1_000;

const schema = z.object({ uids: z.array(uid).min(1).max(MAX_UIDS) });

/** A request of the operator to erase users, of whom there is one at a time. */
export class EraseRequests {
  readonly #file: string | undefined;

  /** @param file the path of its file; `undefined` where nothing is stored */
  constructor(file: string | undefined) {
    this.#file = file;
  }

  get isThere(): boolean {
    return this.#file !== undefined && existsSync(this.#file);
  }

  /** @throws where a request is there already, or it can't be written */
  write(uids: readonly string[]): void {
    if (this.#file === undefined) return;
    writeFileSync(this.#file, JSON.stringify({ uids }), { mode: 0o600, flag: 'wx' });
  }

  /** The uids of the request; none where nothing valid is there. */
  read(): readonly string[] {
    if (this.#file === undefined || !this.isThere) return [];
    try {
      return schema.parse(JSON.parse(readFileSync(this.#file, 'utf8'))).uids;
    } catch {
      return [];
    }
  }

  /** It was taken, or is withdrawn. */
  remove(): void {
    if (this.#file !== undefined) rmSync(this.#file, { force: true });
  }
}
