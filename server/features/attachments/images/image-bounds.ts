/** Width and height, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Maximum size of an image, in pixels: by its longer side, or by its shorter side and area. */
interface Bounds {
  readonly longest: number;
  /** For very long or very wide images: a screenshot of a whole page must stay readable. */
  readonly shortest: number;
  readonly area: number;
}

export const IMAGE: Bounds = { longest: 2_560, shortest: 1_280, area: 13e6 };
/** WebP fits 2,560 × 2,560 pixels of noise, and not much more (RFC 9649, section 2.6). */
export const WEBP: Bounds = { ...IMAGE, area: 2_560 ** 2 };
export const PREVIEW: Bounds = { longest: 640, shortest: 320, area: 640 ** 2 };
/** The maximum side of WebP is a little more. */
const MAX_SIDE = 16_000;
/** Pixels of all frames of an animation that are encoded: with more, each frame is scaled down. */
const MAX_ANIMATION_PIXELS = 20e6;

/** The maximum size of an animation's frames: the more pixels all have together, the smaller. */
export function boundsOfFrames(frame: Size, count: number): Bounds {
  const scale = Math.min(1, Math.sqrt(MAX_ANIMATION_PIXELS / (frame.width * frame.height * count)));
  const longest = Math.max(1, Math.floor(Math.max(frame.width, frame.height) * scale));
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
