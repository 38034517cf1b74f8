import { roomPath } from '../../../server/shared/routes.ts';
import { bearer, type GuestIdentity } from '../connection/guest-identity.ts';
import { type Answer, adoptIdentity, ensureToken } from '../connection/post.ts';
import { t } from '../lib/messages.ts';

/** A file as the server has it. */
export interface UploadedFile {
  readonly id: string;
  /** As it will be posted. */
  readonly name: string;
  readonly size: number;
  /** Of a picture. */
  readonly type?: string;
  readonly path: string;
  /** It was animated, and is not any more. */
  readonly isFirstFrame?: boolean;
}

interface FileAnswer extends Answer {
  readonly file?: UploadedFile;
}

interface Upload {
  readonly room: string;
  readonly guest: GuestIdentity;
  readonly file: File;
  /** Receives the part that is sent, from 0 to 1. */
  readonly onProgress: (part: number) => void;
  readonly signal: AbortSignal;
}

/**
 * An upload without progress or response for this long has failed. The server takes less to
 * re-encode a picture: 45 s in the queue and 60 s for the work.
 */
const STALL_MS = 120_000;

/** The server rejects it, and will do so again. */
export class UploadRejected extends Error {}

/**
 * Uploads a file.
 * @throws an Error that says why, if the server refuses it
 */
export async function upload({ room, guest, file, onProgress, signal }: Upload) {
  await ensureToken(guest);
  signal.throwIfAborted();
  const { status, answer } = await new Promise<{ status: number; answer: FileAnswer }>(
    (resolve, reject) => {
      // fetch does not report progress.
      const request = new XMLHttpRequest();
      request.open('POST', `${roomPath(room)}/files?${new URLSearchParams({ name: file.name })}`);
      const headers = { Accept: 'application/json', ...bearer(guest.token) };
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.responseType = 'json';
      let stall: ReturnType<typeof setTimeout> | undefined;
      const watch = () => {
        clearTimeout(stall);
        stall = setTimeout(() => request.abort(), STALL_MS);
      };
      request.upload.addEventListener('progress', ({ loaded, total }) => {
        watch();
        onProgress(loaded / total);
      });
      request.addEventListener('loadend', () => clearTimeout(stall));
      request.addEventListener('load', () => {
        resolve({ status: request.status, answer: request.response ?? {} });
      });
      request.addEventListener('error', () => reject(new Error()));
      request.addEventListener('abort', () => reject(new Error()));
      signal.addEventListener('abort', () => request.abort());
      request.send(file);
      watch();
    },
  );
  adoptIdentity(guest, answer);
  if (answer.file) return answer.file;
  const { error } = answer;
  const isFinal = error !== undefined && status < 500 && status !== 429;
  // A response without JSON is not from this server, but from an intermediary.
  if (!error && status === 413) throw new UploadRejected(t('too-large-for-proxy'));
  throw new (isFinal ? UploadRejected : Error)(
    error?.message ?? (status ? statusText(status) : undefined),
  );
}

/** A status without a message. */
function statusText(status: number): string {
  return t('upload-failed-status', { status });
}
