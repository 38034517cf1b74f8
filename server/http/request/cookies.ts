import type { IncomingMessage } from 'node:http';

/**
 * Before the name of a cookie that a browser takes from this host alone, over TLS, and for all of its
 * paths (RFC 6265bis, section 4.1.3.2): no other host of the domain, nor anybody on the way of a plain
 * request, can put another in its place.
 */
const HOST_PREFIX = '__Host-';
/** Cookies that are looked at: no browser keeps more for a site. */
const MAX_COOKIES = 200;

/** What a cookie is called where it is set. */
export function cookieName(name: string, isSecure: boolean): string {
  return isSecure ? HOST_PREFIX + name : name;
}

/**
 * The value of a cookie (RFC 6265, section 4.2); of two by one name, the first. One that only this
 * host can have set goes before another: that was set over plain HTTP, or before there was a prefix.
 */
export function readCookie(request: IncomingMessage, name: string): string | undefined {
  return readCookies(request, name)[0];
}

/**
 * All values of a cookie, in that order. A browser may have two by one name: one that was set in a frame
 * (`Partitioned`) goes along in a tab, too, where the page around the frame is of the same site.
 */
export function readCookies(request: IncomingMessage, name: string): readonly string[] {
  const cookies = cookiesOf(request);
  return [HOST_PREFIX + name, name].flatMap((wanted) =>
    cookies.filter(([key]) => key === wanted).map(([, value]) => value),
  );
}

/** The cookies of a request, in its order: of those for one path, the one set first is the first. */
export function cookiesOf({ headers }: IncomingMessage): readonly (readonly [string, string])[] {
  const pairs = headers.cookie?.split(';', MAX_COOKIES) ?? [];
  return pairs.map((pair) => {
    const [name = '', value = ''] = pair.split('=', 2);
    return [name.trim(), value.trim()];
  });
}
