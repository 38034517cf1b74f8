/** The limits of a request: 16 KB for its target and headers together, 64 KB for its body. */
export const HEAD_BYTES = 14_500;
export const BODY_BYTES = 64_000;
export const FRAME_BYTES = 64_000;

/** A human-readable size. */
export function sizeName(bytes: number): string {
  return bytes < 1_000 ? `${bytes} B` : `${Math.round(bytes / 1_000)} KB`;
}
