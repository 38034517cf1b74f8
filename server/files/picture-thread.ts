import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import Vips from 'wasm-vips';
import type { PictureSpec } from '../event.ts';
import { giveWay } from '../give-way.ts';
import type { PictureKind } from './sniff.ts';

/*
 * The inside of a thread that makes one picture anew: what it shows is decoded and encoded again,
 * upright, and nothing else that the file held goes with it. The thread lives for this one picture:
 * whatever a hostile one does to the decoder ends with it, and so does the memory that it took.
 */

/** The longer side of a picture, and of what is shown of it among the messages. */
const LONGEST = 2_560;
const PREVIEW = 640;

export interface PictureTask {
  readonly file: string;
  readonly kind: PictureKind;
  /** Pixels of all the frames together: more are not decoded. */
  readonly mostPixels: number;
}

export type PictureAnswer =
  | {
      readonly picture: PictureSpec;
      readonly bytes: Uint8Array;
      /** A small one of the same, as WebP, where it is not small itself. */
      readonly preview: Uint8Array | undefined;
    }
  | { readonly refused: 'broken-picture' | 'picture-too-large' };

async function answer({ file, kind, mostPixels }: PictureTask): Promise<PictureAnswer> {
  const vips = await Vips({
    dynamicLibraries: kind === 'avif' ? ['vips-heif.wasm'] : [],
    // Warnings about a damaged picture are for nobody; it writes them past the streams of its thread.
    preRun(module: object) {
      Object.assign((module as { readonly ENV: object }).ENV, { VIPS_WARNING: '0' });
    },
    print() {},
    printErr() {},
  });
  vips.concurrency(1);
  // Only these two have frames to be read by this option.
  const options = kind === 'gif' || kind === 'webp' ? 'n=-1' : '';
  const shrink = (bytes: Uint8Array, most: number, of = options) =>
    vips.Image.thumbnailBuffer(bytes, most, {
      height: most,
      size: 'down',
      option_string: of,
      output_profile: 'srgb',
    });
  try {
    const bytes = readFileSync(file);
    const { width, height } = vips.Image.newFromBuffer(bytes, options);
    if (width * height > mostPixels) return { refused: 'picture-too-large' };
    const picture = shrink(bytes, LONGEST);
    const { type, save } = FORMATS[kind];
    const clean = save(picture);
    const spec = { type, ...sizeOf(picture), preview: null };
    if (Math.max(spec.width, spec.height) <= PREVIEW) {
      return { picture: spec, bytes: clean, preview: undefined };
    }
    const small = shrink(clean, PREVIEW, type === 'image/webp' ? 'n=-1' : '');
    const preview = FORMATS.webp.save(small);
    return { picture: { ...spec, preview: sizeOf(small) }, bytes: clean, preview };
  } catch {
    return { refused: 'broken-picture' };
  }
}

/** Of one frame. */
function sizeOf({ width, pageHeight }: Vips.Image) {
  return { width, height: pageHeight };
}

/** What a picture becomes: without Exif, XMP, comments or profiles (`keep: 0`). */
const jpeg = {
  type: 'image/jpeg',
  save: (image: Vips.Image) => image.jpegsaveBuffer({ keep: 0, Q: 82, optimize_coding: true }),
};
const png = { type: 'image/png', save: (image: Vips.Image) => image.pngsaveBuffer({ keep: 0 }) };
const webp = {
  type: 'image/webp',
  save: (image: Vips.Image) => image.webpsaveBuffer({ keep: 0, Q: 82 }),
};
const FORMATS = { jpeg, png, webp, gif: webp, avif: webp } as const;

giveWay('some');
parentPort?.postMessage(await answer(workerData as PictureTask));
