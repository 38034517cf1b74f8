import Vips from 'wasm-vips';
import { hasMoreFrames, type PictureKind } from '../sniff.ts';
import { boundsOfFrames, boxOf, IMAGE, PREVIEW, type Size, WEBP } from './image-bounds.ts';
import type { Encoded, ImageEncoder, RefusedImage } from './image-encoder.ts';

/** Megapixels of all frames together: images with more are not decoded. */
const MAX_MEGAPIXELS = { jpeg: 50, png: 50, webp: 50, gif: 50, avif: 25 } as const;

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

/** Loads libvips as WebAssembly, with what the kind of image needs. */
export async function openVipsEncoder(kind: PictureKind): Promise<ImageEncoder> {
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
  return {
    encode: (bytes, of) => encode(vips, bytes, of),
    close: () => vips.shutdown(),
  };
}

function encode(vips: typeof Vips, bytes: Uint8Array, kind: PictureKind): Encoded | RefusedImage {
  try {
    return encodeDecoded(vips, bytes, kind);
  } catch (error) {
    // The error message of libvips is a list: what failed, and why.
    const isMemory = /memory|allocat/i.test(String((error as Error).message));
    return { refused: isMemory ? 'image-too-complex' : 'broken-image' };
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
    return { refused: 'image-too-large', details: { max } };
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
  const bounds = isAnimation
    ? boundsOfFrames(sizeOf(header), header.height / header.pageHeight)
    : still;
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

/** The displayed size of one frame: a camera may have been held sideways. */
function uprightSize(image: Vips.Image): Size {
  const { width, height } = sizeOf(image);
  const isOnSide = image.getTypeof('orientation') !== 0 && image.getInt('orientation') >= 5;
  return isOnSide ? { width: height, height: width } : { width, height };
}

/** The size of one frame. */
function sizeOf({ width, pageHeight }: Vips.Image): Size {
  return { width, height: pageHeight };
}
