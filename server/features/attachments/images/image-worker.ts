import { readFileSync, writeFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { lowerThreadPriority } from '../../../storage/thread-priority.ts';
import type { ImageInfo } from '../attachment.ts';
import type { PictureKind } from '../sniff.ts';
import type { RefusedImage } from './image-encoder.ts';
import { openVipsEncoder } from './vips-encoder.ts';

/* The thread that re-encodes one image. */

export interface ImageTask {
  readonly source: string;
  readonly kind: PictureKind;
  /** The path of the result, and of the preview, if the image itself isn't small. */
  readonly target: string;
  readonly preview: string;
}

export type ImageAnswer =
  | { readonly picture: ImageInfo; readonly size: number }
  | RefusedImage
  /** The code of a system error, such as a full disk. */
  | { readonly failed: string };

async function sanitize({ source, kind, target, preview }: ImageTask): Promise<ImageAnswer> {
  try {
    const encoder = await openVipsEncoder(kind);
    const encoded = encoder.encode(readFileSync(source), kind);
    if ('refused' in encoded) return encoded;
    writeFileSync(target, encoded.image, { mode: 0o600, flush: true });
    if (encoded.preview) writeFileSync(preview, encoded.preview, { mode: 0o600, flush: true });
    return { picture: encoded.picture, size: encoded.image.length };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { failed: code };
  }
}

lowerThreadPriority('some');
const answer = await sanitize(workerData as ImageTask);
flushCompileCache();
parentPort?.postMessage(answer);
