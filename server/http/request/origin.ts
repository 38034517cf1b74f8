import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request comes from a page of this server, of an origin it allows, or of no page at all.
 *
 * A browser sends a page's origin in `Origin` (RFC 6454) with every upgrade and every POST; a
 * program need not. Where the browser judges for itself, in `Sec-Fetch-Site` (W3C, Fetch Metadata),
 * that counts: no page can set it, and it is right even where a proxy changes the `Host`.
 */
export function isFromHere(headers: IncomingHttpHeaders, allowed: ReadonlySet<string>): boolean {
  const { origin, host } = headers;
  if (origin !== undefined && allowed.has(origin)) return true;
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin') return true;
  if (site !== undefined && site !== 'none') return false;
  if (origin === undefined) return true;
  return host !== undefined && URL.parse(origin)?.host === host.toLowerCase();
}
