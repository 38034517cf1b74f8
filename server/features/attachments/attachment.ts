/** A file that was uploaded to a room, to be attached to a message. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Set for an image that this server re-encoded; `null` for any other file. */
  readonly picture: ImageInfo | null;
}

export interface ImageInfo {
  readonly type: string;
  readonly width: number;
  readonly height: number;
  /** The size of its preview; `null` where the image is small itself. */
  readonly preview: { readonly width: number; readonly height: number } | null;
  /** It is animated. */
  readonly isAnimated?: true;
  /** It was animated, in a format of which only the first frame can be kept. */
  readonly isFirstFrame?: true;
}
