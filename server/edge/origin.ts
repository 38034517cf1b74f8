import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request comes from a page of this server, of an origin it allows, or of no page at all.
 *
 * A browser says where a page is from in `Origin` (RFC 6454), with every upgrade and every POST; a
 * program need not. What browsers add in `Sec-Fetch-Site` has to agree.
 */
export function isFromHere(headers: IncomingHttpHeaders, allowed: ReadonlySet<string>): boolean {
  const { origin, host } = headers;
  if (origin !== undefined && allowed.has(origin)) return true;
  if (origin !== undefined && !(host && URL.parse(origin)?.host === host.toLowerCase()))
    return false;
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}
