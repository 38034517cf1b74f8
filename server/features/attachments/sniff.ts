/** Images that can be decoded here, and so re-encoded. */
export type PictureKind = 'jpeg' | 'png' | 'gif' | 'webp' | 'avif';

/** Bytes at the start of a file that identify its type. */
export const SNIFFED_BYTES = 4_096;

/** How files of each kind begin, one character per byte. */
const STARTS: readonly (readonly [string, PictureKind])[] = [
  ['\xff\xd8\xff', 'jpeg'],
  ['\x89PNG\r\n\x1a\n', 'png'],
  ['GIF87a', 'gif'],
  ['GIF89a', 'gif'],
];

/**
 * Images that may contain a location and can't be decoded here: TIFF and cameras' raw files, most
 * of which are TIFF, too; JPEG XR, JPEG XL and JPEG 2000; Photoshop's.
 */
const UNCLEAN: readonly string[] = [
  ...['II*\0', 'II+\0', 'MM\0*', 'MM\0+', 'IIU\0', 'IIRO', 'IIRS', 'FUJIFILMCCD-RAW'],
  ...['II\xbc', '\xff\x0a', '\0\0\0\x0cJXL ', '\0\0\0\x0cjP  ', '\xff\x4f\xff\x51', '8BPS'],
];

/** The brands of HEIF (ISO/IEC 23008-12) and of Canon's raw files; AVIF is one of them. */
const HEIF = /^(mif[12]|msf1|hei[cfmsx]|hev[cmsx]|avci|avcs|avif|avis|miaf|jpeg|j2ki|crx )$/;

/** The kind of image, by its first bytes; `undefined` if it is none. */
export function sniff(start: Buffer): PictureKind | 'unclean' | undefined {
  const text = start.toString('latin1');
  const brands = brandsOf(start);
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  if (brands.some((brand) => HEIF.test(brand)) || UNCLEAN.some((begin) => text.startsWith(begin))) {
    return 'unclean';
  }
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'webp';
  return STARTS.find(([begin]) => text.startsWith(begin))?.[1];
}

/**
 * Whether an image is animated in a way that the decoder doesn't read: of an animated PNG (its
 * chunk `acTL` comes before the image) or AVIF it returns only the first frame.
 */
export function hasMoreFrames(bytes: Uint8Array, kind: PictureKind): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (kind === 'avif') return brandsOf(file).includes('avis');
  if (kind !== 'png') return false;
  for (let at = 8; at + 8 <= file.length; at += 12 + file.readUInt32BE(at)) {
    const chunk = file.toString('latin1', at + 4, at + 8);
    if (chunk === 'acTL') return true;
    if (chunk === 'IDAT') return false;
  }
  return false;
}

/** The brands of a file made of boxes (ISO/IEC 14496-12): videos have no image brands. */
function brandsOf(start: Buffer): readonly string[] {
  if (start.toString('latin1', 4, 8) !== 'ftyp') return [];
  const box = start.subarray(8, Math.min(start.readUInt32BE(0), start.length)).toString('latin1');
  return box.match(/.{4}/gs) ?? [];
}
