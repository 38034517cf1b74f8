import type { ChatError, ErrorCode } from '../../../core/errors.ts';
import type { ImageInfo } from '../attachment.ts';
import type { PictureKind } from '../sniff.ts';

export interface Encoded {
  readonly picture: ImageInfo;
  readonly image: Uint8Array;
  readonly preview?: Uint8Array;
}

export interface RefusedImage {
  readonly refused: ErrorCode;
  readonly details?: ChatError['details'];
}

/** Decodes images and encodes them again. Nothing else knows the library that does it. */
export interface ImageEncoder {
  /**
   * Encodes an image upright, without any metadata, and small enough to show. Takes as long as the
   * decoder does, whatever the bytes are.
   */
  encode(bytes: Uint8Array, kind: PictureKind): Encoded | RefusedImage;
  close(): void;
}
