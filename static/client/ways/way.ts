/** What a way needs to know, and whom it tells. */
export interface Listener {
  readonly room: string;
  /** Marks its requests, where what they cost is counted. */
  readonly meter?: string;
  /** What has been seen up to now; `undefined` where the beginning is wanted. */
  readonly cursor: () => string | undefined;
  /** Proves who this is, if the server has said it before. */
  readonly token: () => string | undefined;
  /** Fragments came. */
  readonly hear: (html: string) => void;
  /** Nothing more will come: called once at most, and not after `close`. */
  readonly lose: () => void;
}

/** A way that is open, or about to be. */
export interface OpenWay {
  readonly close: () => void;
  /** Says something over the same line, where it goes in both directions. */
  readonly send?: (text: string) => void;
}

export type Way = (listener: Listener) => OpenWay;

/** An address of the room, after what has been seen. */
export function addressOf({ room, cursor, meter }: Listener, end: string, query = ''): string {
  const search = new URLSearchParams(query);
  const after = cursor();
  if (after !== undefined) search.set('after', after);
  if (meter !== undefined) search.set('meter', meter);
  return `/rooms/${encodeURIComponent(room)}/${end}?${search}`;
}
