import Vips from 'wasm-vips';
import type { ChatError, ErrorCode } from '../../../core/errors.ts';
import type { ImageInfo } from '../../events.ts';
import { hasMoreFrames, type PictureKind } from '../sniff.ts';

/** Maximum size of an image, in pixels: by its longer side, or by its shorter side and area. */
interface Bounds {
  readonly longest: number;
  /** For very long or very wide images: a screenshot of a whole page must stay readable. */
  readonly shortest: number;
  readonly area: number;
}

const IMAGE: Bounds = { longest: 2_560, shortest: 1_280, area: 13e6 };
/** WebP fits 2,560 × 2,560 pixels of noise, and not much more (RFC 9649, section 2.6). */
const WEBP: Bounds = { ...IMAGE, area: 2_560 ** 2 };
const PREVIEW: Bounds = { longest: 640, shortest: 320, area: 640 ** 2 };
/** The maximum side of WebP is a little more. */
const MAX_SIDE = 16_000;
/** Megapixels of all frames together: images with more are not decoded. */
const MAX_MEGAPIXELS = { jpeg: 50, png: 50, webp: 50, gif: 50, avif: 25 } as const;
/** Pixels of all frames of an animation that are encoded: with more, each frame is scaled down. */
const MAX_ANIMATION_PIXELS = 20e6;

export interface RefusedImage {
  readonly refused: ErrorCode;
  readonly details?: ChatError['details'];
}

export interface Encoded {
  readonly picture: ImageInfo;
  readonly image: Uint8Array;
  readonly preview?: Uint8Array;
}

/** Output formats: without Exif, XMP, comments or profiles (`keep: 0`), 8 bits per channel. */
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
/** A little larger than with the default effort, in half the time. */
const animation = {
  type: 'image/webp',
  save: (image: Vips.Image) => image.webpsaveBuffer({ keep: 0, Q: 82, effort: 2 }),
};
const FORMATS = { jpeg, png, webp, gif: webp, avif: webp } as const;

/** Loads the decoder, with what the kind of image needs. */
export async function startVips(kind: PictureKind): Promise<typeof Vips> {
  const vips = await Vips({
    dynamicLibraries: kind === 'avif' ? ['vips-heif.wasm'] : [],
    // Nobody needs warnings about a damaged image.
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
 * Decodes an image and encodes it again, upright and without any metadata. Takes as long as the
 * decoder does, whatever the bytes are.
 */
export function encode(
  vips: typeof Vips,
  bytes: Uint8Array,
  kind: PictureKind,
): Encoded | RefusedImage {
  try {
    return encodeDecoded(vips, bytes, kind);
  } catch (error) {
    // The error message of libvips is a list: what failed, and why.
    const isMemory = /memory|allocat/i.test(String((error as Error).message));
    return { refused: isMemory ? 'image-too-complex' : 'broken-picture' };
  }
}

function encodeDecoded(
  { Image }: typeof Vips,
  bytes: Uint8Array,
  kind: PictureKind,
): Encoded | RefusedImage {
  // Only these two formats have frames that this option reads.
  const options = kind === 'gif' || kind === 'webp' ? 'n=-1' : '';
  const header = Image.newFromBuffer(bytes, options);
  const max = MAX_MEGAPIXELS[kind];
  if (header.width * header.height > max * 1e6) {
    return { refused: 'picture-too-large', details: { max } };
  }
  const isAnimation = header.height > header.pageHeight;
  const { type, save } = isAnimation ? animation : FORMATS[kind];
  // Without a profile the colours are sRGB, and converting them would take longer than the rest.
  const isOther = header.getTypeof('icc-profile-data') !== 0 || header.interpretation === 'cmyk';
  const shrink = (
    from: Uint8Array,
    { width, height }: Size,
    option_string: string,
    convert = false,
  ) =>
    Image.thumbnailBuffer(from, width, {
      height,
      size: 'down',
      option_string,
      ...(convert && { output_profile: 'srgb' }),
    });
  const still = type === 'image/webp' ? WEBP : IMAGE;
  const bounds = isAnimation ? boundsOfFrames(header) : still;
  const shrunk = shrink(bytes, boxOf(uprightSize(header), bounds), options, isOther);
  const image = save(shrunk);
  const size = sizeOf(shrunk);
  const moves = {
    ...(isAnimation && { isAnimated: true as const }),
    ...(hasMoreFrames(bytes, kind) && { isFirstFrame: true as const }),
  };
  if (Math.max(size.width, size.height) <= PREVIEW.longest) {
    return { picture: { type, ...size, preview: null, ...moves }, image };
  }
  const small = shrink(image, boxOf(size, PREVIEW), isAnimation ? 'n=-1' : '');
  const preview = (isAnimation ? animation : webp).save(small);
  return { picture: { type, ...size, preview: sizeOf(small), ...moves }, image, preview };
}

/** The maximum size of an animation's frames: the more pixels all have together, the smaller. */
function boundsOfFrames({ width, height, pageHeight }: Vips.Image): Bounds {
  const scale = Math.min(1, Math.sqrt(MAX_ANIMATION_PIXELS / (width * height)));
  const longest = Math.max(1, Math.floor(Math.max(width, pageHeight) * scale));
  return { longest: Math.min(IMAGE.longest, longest), shortest: 0, area: 0 };
}

/** The size to scale an image down to, if necessary. */
export function boxOf({ width, height }: Size, { longest, shortest, area }: Bounds): Size {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  const stretched = Math.min(shortest / short, Math.sqrt(area / (width * height)), MAX_SIDE / long);
  const scale = Math.min(1, Math.max(longest / long, stretched));
  // Rounded up: of the two sides, the exact one limits the image.
  const side = (pixels: number) => Math.max(1, Math.ceil(pixels * scale - 1e-6));
  return { width: side(width), height: side(height) };
}

/** The displayed size of one frame: a camera may have been held sideways. */
function uprightSize(image: Vips.Image): Size {
  const { width, height } = sizeOf(image);
  const isOnSide = image.getTypeof('orientation') !== 0 && image.getInt('orientation') >= 5;
  return isOnSide ? { width: height, height: width } : { width, height };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of one frame. */
function sizeOf({ width, pageHeight }: Vips.Image): Size {
  return { width, height: pageHeight };
}
