import { readSession, writeSession } from '../lib/storage.ts';
import type { UploadedFile } from './upload.ts';

interface Stored {
  /** Who brought them: nobody else can send them. */
  readonly by: string;
  readonly files: readonly UploadedFile[];
}

/** The files that are to go with the next message of a room, for this tab, until they are sent. */
export class FileDraft {
  readonly #key: string;
  readonly #uid: () => string;
  readonly #stored: Stored;

  /** @param uid who is at the page; empty where that is not known yet */
  constructor(room: string, uid: () => string) {
    this.#key = `files.${room}`;
    this.#uid = uid;
    this.#stored = readSession<Stored>(this.#key, { by: '', files: [] });
  }

  /** Those that were there when the page was left. */
  get files(): readonly UploadedFile[] {
    return this.#stored.files;
  }

  /** Whether whoever is at the page brought them. */
  get isOwn(): boolean {
    return this.#stored.by === this.#uid();
  }

  write(files: readonly UploadedFile[]): void {
    writeSession(this.#key, { by: this.#uid(), files });
  }
}
