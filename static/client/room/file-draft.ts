import { readSession, writeSession } from '../lib/storage.ts';
import type { UploadedFile } from './upload.ts';

interface Stored {
  /** Who uploaded them: no other user can send them. */
  readonly by: string;
  readonly files: readonly UploadedFile[];
}

/** The files of a room's next message, stored for this tab until they are sent. */
export class FileDraft {
  readonly #key: string;
  readonly #uid: () => string;
  readonly #stored: Stored;

  /** @param uid the client's own uid; empty if not known yet */
  constructor(room: string, uid: () => string) {
    this.#key = `files.${room}`;
    this.#uid = uid;
    this.#stored = readSession<Stored>(this.#key, { by: '', files: [] });
  }

  /** The files that were attached when the page was left. */
  get files(): readonly UploadedFile[] {
    return this.#stored.files;
  }

  /** Whether the current user uploaded them. */
  get isOwn(): boolean {
    return this.#stored.by === this.#uid();
  }

  write(files: readonly UploadedFile[]): void {
    writeSession(this.#key, { by: this.#uid(), files });
  }
}
