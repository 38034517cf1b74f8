import { after } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import Vips from 'wasm-vips';

/** The location in the metadata of the test images, as text. */
export const LOCATION = 'Cairo Street 12';
/** The same as Exif degrees. */
const LATITUDE = [30, 2, 40] as const;

let started: Promise<typeof Vips> | undefined;

/** Encodes and decodes test images; shut down at the end of the test file. */
function vips(): Promise<typeof Vips> {
  started ??= Vips({ dynamicLibraries: [] });
  return started;
}

after(async () => (await started)?.shutdown());

export type Format = 'jpeg' | 'png' | 'webp' | 'gif';

type Bytes = Buffer<ArrayBuffer>;

const RED = [250, 10, 10] as const;
const BLUE = [10, 10, 250] as const;

/** An image whose left half is red and whose right half is blue. */
export async function createImage(format: Format, width: number, height: number): Promise<Bytes> {
  // The decoder takes a second to start: there is none for what takes none to make.
  if (format === 'png') return halvesPng(width, height);
  const { Image } = await vips();
  const half = (colour: readonly number[]) =>
    Image.black(width / 2, height, { bands: 3 })
      .linear([1, 1, 1], [...colour])
      .cast('uchar')
      .copy({ interpretation: 'srgb' });
  const whole = half(RED).join(half(BLUE), 'horizontal');
  const bytes = {
    jpeg: () => whole.jpegsaveBuffer({ Q: 90 }),
    webp: () => whole.webpsaveBuffer(),
    gif: () => whole.gifsaveBuffer(),
  };
  return Buffer.from(bytes[format]());
}

function halvesPng(width: number, height: number): Bytes {
  const [left, right] = [RED, BLUE].map((colour) => Array(width / 2).fill(colour));
  const row = Buffer.from([0, ...[left, right].flat(2)]);
  return png(width, height, 'rgb', Buffer.alloc(row.length * height, row));
}

/** Millions of black pixels in a few thousand bytes: a PNG of one bit for each. */
export function blackPng(width: number, height: number): Bytes {
  return png(width, height, 'bits', Buffer.alloc((1 + width / 8) * height));
}

/** A PNG. @param rows each of a filter, 0, and the pixels (PNG, section 11.2) */
function png(width: number, height: number, kind: 'rgb' | 'bits', rows: Bytes): Bytes {
  const chunk = (type: string, data: Buffer) => {
    const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type), data, Buffer.alloc(4)]);
    bytes.writeUInt32BE(data.length, 0);
    bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
    return bytes;
  };
  const [depth, colour] = kind === 'rgb' ? [8, 2] : [1, 0];
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, depth, colour, 0, 0, 0]);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The same picture of 60 × 40 pixels as AVIF: its encoder takes some seconds. */
export const AVIF: Bytes = Buffer.from(
  [
    'AAAAHGZ0eXBhdmlmAAAAAG1pZjFhdmlmbWlhZgAAARdtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAA',
    'AAAAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAABOwABAAAAAAAAAC4AAgAAAAABaQABAAAAAAAAAL4AAAA4aWluZgAA',
    'AAAAAgAAABVpbmZlAgAAAAABAABhdjAxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAAVmlwcn',
    'AAAAA4aXBjbwAAAAxhdjFDgQAMAAAAABRpc3BlAAAAAAAAADwAAAAoAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAA',
    'AAAAAAEAAQOBAgMAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAPRtZGF0EgAKCRgVe52iAhoNCDIfRlHh4YhgAB',
    'oAAtRnmY+3C8O4vZVXkYrTL62lz51VYAAAAAZFeGlmAABJSSoACAAAAAYAEgEDAAEAAAABAAAAGgEFAAEAAABWAAAA',
    'GwEFAAEAAABeAAAAKAEDAAEAAAACAAAAEwIDAAEAAAABAAAAaYcEAAEAAABmAAAAAAAAADhjAADoAwAAOGMAAOgDAA',
    'AGAACQBwAEAAAAMDIxMAGRBwAEAAAAAQIDAACgBwAEAAAAMDEwMAGgAwABAAAA//8AAAKgBAABAAAAPAAAAAOgBAAB',
    'AAAAKAAAAAAAAAA=',
  ].join(''),
  'base64',
);

/** A JPEG of one sRGB colour, encoded in the wider gamut of Display P3, with its profile. */
export async function displayP3Jpeg(colour: readonly number[]): Promise<Bytes> {
  const { Image } = await vips();
  const image = Image.black(60, 40, { bands: 3 })
    .linear([1, 1, 1], [...colour])
    .cast('uchar')
    .copy({ interpretation: 'srgb' });
  const wide = image.iccTransform('p3', { input_profile: 'srgb' });
  return Buffer.from(wide.jpegsaveBuffer({ Q: 95 }));
}

/** A GIF that is large when decoded: its frames have one pixel each, on a canvas of this size. */
export function bombGif(width: number, height: number, frames: number): Bytes {
  const size = Buffer.alloc(4);
  size.writeUInt16LE(width, 0);
  size.writeUInt16LE(height, 2);
  const palette = [0x80, 0, 0, 0, 0, 0, 255, 255, 255];
  const control = [0x21, 0xf9, 4, 0, 1, 0, 0, 0];
  const image = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
  return Buffer.concat([
    Buffer.from('GIF89a'),
    size,
    Buffer.from(palette),
    ...Array<Buffer>(frames).fill(Buffer.from([...control, ...image])),
    Buffer.from([0x3b]),
  ]);
}

/** A GIF of that many frames, each of its own colour. */
export async function animation(frames: number, width = 100, height = 60): Promise<Bytes> {
  const { Image } = await vips();
  const all = Array.from({ length: frames }, (_, n) =>
    Image.black(width, height, { bands: 3 })
      .linear([1, 1, 1], [(n * 50) % 256, 200, 100])
      .cast('uchar')
      .copy({ interpretation: 'srgb' }),
  );
  const strip = Image.arrayjoin(all, { across: 1 }).copy();
  strip.setInt('page-height', height);
  strip.setArrayInt(
    'delay',
    all.map(() => 150),
  );
  return Buffer.from(strip.gifsaveBuffer());
}

/** Decodes an image: its size, its frames, and the colours of its corners. */
export async function decodeImage(bytes: Buffer) {
  const { Image } = await vips();
  const isAnimated = bytes.toString('latin1', 8, 12) === 'WEBP';
  const image = Image.newFromBuffer(bytes, isAnimated ? 'n=-1' : '');
  const { width, height, pageHeight } = image;
  const name = ([r = 0, , b = 0]: readonly number[]) => (r > b ? 'red' : 'blue');
  const corner = (x: number, y: number) => name(image.getpoint(x, y) as number[]);
  return {
    width,
    height: pageHeight,
    frames: height / pageHeight,
    corners: [corner(0, 0), corner(width - 1, 0), corner(0, height - 1)].join(' '),
  };
}

/** The colour in the corner of an image, as red, green and blue. */
export async function cornerColour(bytes: Buffer): Promise<readonly number[]> {
  const { Image } = await vips();
  return Image.newFromBuffer(bytes).getpoint(0, 0) as number[];
}

/** The same JPEG with the metadata of a phone's camera: its location and orientation. */
export function fromPhone(jpeg: Bytes, orientation: number): Bytes {
  const exif = Buffer.concat([Buffer.from('Exif\0\0'), tiff(orientation)]);
  const xmp = Buffer.from(`http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${LOCATION}</x:xmpmeta>`);
  const comment = Buffer.from(LOCATION);
  const segments = [segment(0xe1, exif), segment(0xe1, xmp), segment(0xfe, comment)];
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

function segment(marker: number, data: Bytes): Bytes {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** An Exif block: a directory with the orientation and a pointer to another, with the latitude. */
function tiff(orientation: number): Bytes {
  const entry = (tag: number, type: number, count: number, value: Buffer) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16BE(tag, 0);
    bytes.writeUInt16BE(type, 2);
    bytes.writeUInt32BE(count, 4);
    value.copy(bytes, 8);
    return bytes;
  };
  const short = (value: number) => Buffer.from([0, value, 0, 0]);
  const long = (value: number) => Buffer.from([0, 0, 0, value]);
  const directory = (...entries: readonly Buffer[]) =>
    Buffer.concat([Buffer.from([0, entries.length]), ...entries, Buffer.alloc(4)]);
  const location = Buffer.from(LOCATION);
  // The header has 8 bytes, a directory of two entries 30.
  const first = directory(entry(0x0112, 3, 1, short(orientation)), entry(0x8825, 4, 1, long(38)));
  const gps = directory(entry(1, 2, 2, Buffer.from('N\0\0\0')), entry(2, 5, 3, long(68)));
  const latitude = Buffer.alloc(24);
  LATITUDE.forEach((value, index) => {
    latitude.writeUInt32BE(value, index * 8);
    latitude.writeUInt32BE(1, index * 8 + 4);
  });
  return Buffer.concat([Buffer.from('MM\0*\0\0\0\x08'), first, gps, latitude, location]);
}
