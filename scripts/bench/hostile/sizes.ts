/** What a request may have: of its target and its headers together 16 KB, of its body 64 KB. */
export const HEAD_BYTES = 14_500;
export const BODY_BYTES = 64_000;
export const FRAME_BYTES = 64_000;

/** How large an input is, for people to read. */
export function sizeName(bytes: number): string {
  return bytes < 1_000 ? `${bytes} B` : `${Math.round(bytes / 1_000)} KB`;
}
