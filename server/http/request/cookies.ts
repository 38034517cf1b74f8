import type { IncomingMessage } from 'node:http';

/**
 * The prefix of a cookie that a browser accepts from this host alone, over TLS, and for all of its
 * paths (RFC 6265bis, section 4.1.3.2): no other host of the domain, and nobody who intercepts a
 * plain request, can replace it.
 */
const HOST_PREFIX = '__Host-';
/** Cookies that are read: no browser stores more for a site. */
const MAX_COOKIES = 200;

/** The name under which a cookie is set. */
export function cookieName(name: string, isSecure: boolean): string {
  return isSecure ? HOST_PREFIX + name : name;
}

/**
 * The value of a cookie (RFC 6265, section 4.2); of two with the same name, the first. One that
 * only this host can set goes first: others were set over plain HTTP, or before there was a prefix.
 */
export function readCookie(request: IncomingMessage, name: string): string | undefined {
  return readCookies(request, name)[0];
}

/**
 * All values of a cookie, in that order. A browser may have two with the same name: one set in a
 * frame (`Partitioned`) is also sent from a tab if the page around the frame is of the same site.
 */
export function readCookies(request: IncomingMessage, name: string): readonly string[] {
  const cookies = cookiesOf(request);
  return [HOST_PREFIX + name, name].flatMap((wanted) =>
    cookies.filter(([key]) => key === wanted).map(([, value]) => value),
  );
}

/** The cookies of a request, in its order: of those for one path, the one set first is first. */
export function cookiesOf({ headers }: IncomingMessage): readonly (readonly [string, string])[] {
  const pairs = headers.cookie?.split(';', MAX_COOKIES) ?? [];
  return pairs.map((pair) => {
    const [name = '', value = ''] = pair.split('=', 2);
    return [name.trim(), value.trim()];
  });
}
