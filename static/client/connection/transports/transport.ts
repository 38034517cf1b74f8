import { roomPath } from '../../../../server/shared/routes.ts';
import { bearer } from '../guest-identity.ts';
import type { Answer, ServerError } from '../post.ts';

/** The parameters and callbacks of a transport. */
export interface TransportHandlers {
  readonly room: string;
  /** The language of the page. */
  readonly lang: string;
  /** Tags its requests, if their cost is measured. */
  readonly meter?: string;
  /** The cursor up to now; `undefined` to start from the latest history. */
  readonly cursor: () => string | undefined;
  /** Proves the identity, if the server has issued a token. */
  readonly token: () => string | undefined;
  /** Fragments arrived. */
  readonly onFrame: (html: string) => void;
  /**
   * Nothing more will arrive: called at most once, and not after `close`.
   * @param why the reason, if the server denies access
   */
  readonly onLost: (why?: ServerError) => void;
}

/** A transport that is open or opening. */
export interface OpenTransport {
  readonly close: () => void;
  /** Sends over the same connection, if it is bidirectional. */
  readonly send?: (text: string) => void;
}

export type Transport = (listener: TransportHandlers) => OpenTransport;

/** The URL of one of the room's endpoints, from the cursor on, in the language of the page. */
export function endpointUrl(
  { room, lang, cursor, meter }: TransportHandlers,
  resource: string,
  query = '',
): string {
  const search = new URLSearchParams(query);
  search.set('lang', lang);
  const after = cursor();
  if (after !== undefined) search.set('after', after);
  if (meter !== undefined) search.set('meter', meter);
  return `${roomPath(room)}/${resource}?${search}`;
}

/** The server denies access. */
class AccessDenied extends Error {
  readonly why: ServerError;

  constructor(why: ServerError) {
    super(why.message);
    this.why = why;
  }
}

/** Fragments; but the reason for an error is best read from a code. */
const ACCEPT = 'text/html, application/json;q=0.5';

/**
 * Requests fragments.
 * @throws AccessDenied, or another error if there is no usable response
 */
export async function request(
  { token }: TransportHandlers,
  address: string,
  signal: AbortSignal,
): Promise<Response> {
  const headers = { Accept: ACCEPT, ...bearer(token()) };
  // biome-ignore lint/style/noRestrictedGlobals: a stream has no end; each transport ends a stream without data
  const response = await fetch(address, { headers, signal });
  const { status, ok } = response;
  if (ok) return response;
  if (status !== 401 && status !== 403) throw new Error(response.statusText);
  const { error }: Answer = await response.json();
  throw error ? new AccessDenied(error) : new Error(response.statusText);
}

/** Reports that the transport has ended, and why if access was denied. */
export function lostReporter({ onLost }: TransportHandlers): (error: unknown) => void {
  return (error) => onLost(error instanceof AccessDenied ? error.why : undefined);
}
