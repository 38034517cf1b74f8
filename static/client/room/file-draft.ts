import type { GuestIdentity } from '../connection/guest-identity.ts';
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
  readonly #user: Pick<GuestIdentity, 'uid' | 'isOwn'>;
  readonly #stored: Stored;

  constructor(room: string, user: Pick<GuestIdentity, 'uid' | 'isOwn'>) {
    this.#key = `files.${room}`;
    this.#user = user;
    this.#stored = readSession<Stored>(this.#key, { by: '', files: [] });
  }

  /** The files that were attached when the page was left. */
  get files(): readonly UploadedFile[] {
    return this.#stored.files;
  }

  /** Whether the current user uploaded them. */
  get isOwn(): boolean {
    const { by } = this.#stored;
    return by === this.#user.uid || this.#user.isOwn(by);
  }

  write(files: readonly UploadedFile[]): void {
    writeSession(this.#key, { by: this.#user.uid, files });
  }
}
