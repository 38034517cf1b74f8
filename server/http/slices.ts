const SLICE_BYTES = 32 * 1024;

/**
 * The bytes in pieces, without a copy. A socket counts only whole writes as sent: a slow client
 * that is sent much at once would look like a stalled one.
 */
export function* slices(bytes: Buffer): Generator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) yield bytes.subarray(at, at + SLICE_BYTES);
}

/** Whether it is more than one piece. */
export function isLarge(bytes: Buffer): boolean {
  return bytes.length > SLICE_BYTES;
}
