import Vips from 'wasm-vips';
import type { Refusal, RefusalCode } from '../errors.ts';
import type { PictureSpec } from '../event.ts';
import type { PictureKind } from './sniff.ts';

/** The longer side of an image, and of its preview, in pixels. */
const LONGEST = 2_560;
const PREVIEW = 640;
/** Pixels of all frames together, in millions: more are not decoded. */
const MAX_MEGAPIXELS = { jpeg: 50, png: 50, webp: 50, gif: 50, avif: 25 } as const;
/** Pixels of all frames of an animation that are encoded: where there are more, each is made smaller. */
const MAX_ANIMATION_PIXELS = 20e6;

export interface RefusedImage {
  readonly refused: RefusalCode;
  readonly details?: Refusal['details'];
}

export interface Encoded {
  readonly picture: PictureSpec;
  readonly image: Uint8Array;
  readonly preview?: Uint8Array;
}

/** What an image becomes: without Exif, XMP, comments or profiles (`keep: 0`), of 8 bits a channel. */
const jpeg = {
  type: 'image/jpeg',
  save: (image: Vips.Image) => image.jpegsaveBuffer({ keep: 0, Q: 82, optimize_coding: true }),
};
const png = {
  type: 'image/png',
  save: (image: Vips.Image) => image.pngsaveBuffer({ keep: 0, bitdepth: 8 }),
};
const webp = {
  type: 'image/webp',
  save: (image: Vips.Image) => image.webpsaveBuffer({ keep: 0, Q: 82 }),
};
/** A little larger than by the standard effort, in half of the time. */
const animation = {
  type: 'image/webp',
  save: (image: Vips.Image) => image.webpsaveBuffer({ keep: 0, Q: 82, effort: 2 }),
};
const FORMATS = { jpeg, png, webp, gif: webp, avif: webp } as const;

/** Loads the decoder, with what the kind of image needs besides. */
export async function startVips(kind: PictureKind): Promise<typeof Vips> {
  const vips = await Vips({
    dynamicLibraries: kind === 'avif' ? ['vips-heif.wasm'] : [],
    // Warnings about a damaged image are for nobody.
    preRun(module: object) {
      Object.assign((module as { readonly ENV: object }).ENV, { VIPS_WARNING: '0' });
    },
    print() {},
    printErr() {},
  });
  vips.concurrency(1);
  return vips;
}

/**
 * Decodes what an image shows and encodes it again, upright: nothing else that the file held goes with
 * it. Takes as long as the decoder does, whatever the bytes are.
 */
export function encode(
  vips: typeof Vips,
  bytes: Uint8Array,
  kind: PictureKind,
): Encoded | RefusedImage {
  try {
    return encodeDecoded(vips, bytes, kind);
  } catch (error) {
    // The message of libvips is a list: what failed, and why.
    const isMemory = /memory|allocat/i.test(String((error as Error).message));
    return { refused: isMemory ? 'image-too-complex' : 'broken-picture' };
  }
}

function encodeDecoded(
  { Image }: typeof Vips,
  bytes: Uint8Array,
  kind: PictureKind,
): Encoded | RefusedImage {
  // Only these two have frames that this option reads.
  const options = kind === 'gif' || kind === 'webp' ? 'n=-1' : '';
  const header = Image.newFromBuffer(bytes, options);
  const max = MAX_MEGAPIXELS[kind];
  if (header.width * header.height > max * 1e6) {
    return { refused: 'picture-too-large', details: { max } };
  }
  const isAnimation = header.height > header.pageHeight;
  const { type, save } = isAnimation ? animation : FORMATS[kind];
  // Without a profile its colours are those of the web, and converting them takes longer than the rest.
  const isOther = header.getTypeof('icc-profile-data') !== 0 || header.interpretation === 'cmyk';
  const shrink = (from: Uint8Array, longest: number, option_string: string, convert = false) =>
    Image.thumbnailBuffer(from, longest, {
      height: longest,
      size: 'down',
      option_string,
      ...(convert && { output_profile: 'srgb' }),
    });
  const shrunk = shrink(bytes, isAnimation ? longestOfFrames(header) : LONGEST, options, isOther);
  const image = save(shrunk);
  const size = sizeOf(shrunk);
  if (Math.max(size.width, size.height) <= PREVIEW) {
    return { picture: { type, ...size, preview: null }, image };
  }
  const small = shrink(image, PREVIEW, isAnimation ? 'n=-1' : '');
  const preview = (isAnimation ? animation : webp).save(small);
  return { picture: { type, ...size, preview: sizeOf(small) }, image, preview };
}

/** The longer side that the frames of an animation may have. */
function longestOfFrames({ width, height, pageHeight }: Vips.Image): number {
  const scale = Math.sqrt(MAX_ANIMATION_PIXELS / (width * height));
  const longest = Math.floor(Math.max(width, pageHeight) * Math.min(1, scale));
  return Math.max(1, Math.min(LONGEST, longest));
}

/** Of one frame. */
function sizeOf({ width, pageHeight }: Vips.Image) {
  return { width, height: pageHeight };
}
