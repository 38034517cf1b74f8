import { roomPath } from '../../../../server/shared/routes.ts';
import { bearer } from '../guest-identity.ts';
import type { Answer, ServerError } from '../post.ts';

/** What a way needs to know, and whom it tells. */
export interface TransportHandlers {
  readonly room: string;
  /** Marks its requests, where what they cost is counted. */
  readonly meter?: string;
  /** What has been seen up to now; `undefined` where the beginning is wanted. */
  readonly cursor: () => string | undefined;
  /** Proves who this is, if the server has said it before. */
  readonly token: () => string | undefined;
  /** Fragments came. */
  readonly onFrame: (html: string) => void;
  /**
   * Nothing more will come: called once at most, and not after `close`.
   * @param why the server does not let this visitor in, where that is so
   */
  readonly onLost: (why?: ServerError) => void;
}

/** A way that is open, or about to be. */
export interface OpenTransport {
  readonly close: () => void;
  /** Says something over the same line, where it goes in both directions. */
  readonly send?: (text: string) => void;
}

export type Transport = (listener: TransportHandlers) => OpenTransport;

/** An address of the room, after what has been seen. */
export function endpointUrl(
  { room, cursor, meter }: TransportHandlers,
  end: string,
  query = '',
): string {
  const search = new URLSearchParams(query);
  const after = cursor();
  if (after !== undefined) search.set('after', after);
  if (meter !== undefined) search.set('meter', meter);
  return `${roomPath(room)}/${end}?${search}`;
}

/** The server does not let this visitor in. */
export class AccessDenied extends Error {
  readonly why: ServerError;

  constructor(why: ServerError) {
    super(why.message);
    this.why = why;
  }
}

/** Fragments; but why there are none is best told by a code. */
const ACCEPT = 'text/html, application/json;q=0.5';

/** Asks for fragments. @throws NotAdmitted, or another error where there is no answer of use */
export async function request(
  { token }: TransportHandlers,
  address: string,
  signal: AbortSignal,
): Promise<Response> {
  const headers = { Accept: ACCEPT, ...bearer(token()) };
  // biome-ignore lint/style/noRestrictedGlobals: a stream has no end; each transport ends what is silent
  const response = await fetch(address, { headers, signal });
  const { status, ok } = response;
  if (ok) return response;
  if (status !== 401 && status !== 403) throw new Error(response.statusText);
  const { error }: Answer = await response.json();
  throw error ? new AccessDenied(error) : new Error(response.statusText);
}

/** Tells the listener that the way has ended, and why where that is the server's will. */
export function loseTo({ onLost }: TransportHandlers): (error: unknown) => void {
  return (error) => onLost(error instanceof AccessDenied ? error.why : undefined);
}
