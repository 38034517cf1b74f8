import { promisify } from 'node:util';
import helmet from 'helmet';
import type { Middleware } from 'koa';

/** Browser features that pages use (W3C, Permissions Policy); framing pages can't allow more. */
const USED = ['clipboard-write', 'fullscreen', 'screen-wake-lock'];
/** What no page of this server uses, whatever an injected script would do. */
const UNUSED = [
  ...['accelerometer', 'autoplay', 'camera', 'clipboard-read', 'display-capture'],
  ...['encrypted-media', 'geolocation', 'gyroscope', 'hid', 'identity-credentials-get'],
  ...['idle-detection', 'local-fonts', 'magnetometer', 'microphone', 'midi', 'otp-credentials'],
  ...['payment', 'picture-in-picture', 'publickey-credentials-create'],
  ...['publickey-credentials-get', 'serial', 'storage-access', 'usb', 'window-management'],
  ...['xr-spatial-tracking'],
];
const PERMISSIONS = [
  ...USED.map((feature) => `${feature}=(self)`),
  ...UNUSED.map((feature) => `${feature}=()`),
].join(', ');

/** Restricts pages to the browser features that they need. */
export const permissions: Middleware = (ctx, next) => {
  ctx.set('Permissions-Policy', PERMISSIONS);
  return next();
};

/**
 * The content security policy: this server's own files, and no inline script or style.
 * @param frameAncestors which pages may frame this one
 */
function policy(...frameAncestors: readonly string[]): Middleware {
  const [first] = frameAncestors;
  const setHeaders = promisify(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'"],
          connectSrc: ["'self'"],
          frameSrc: ["'self'"],
          formAction: ["'self'"],
          baseUri: ["'none'"],
          frameAncestors: [...frameAncestors],
        },
      },
      // The older header supports no list of sites: with one, only the newer applies.
      xFrameOptions: frameAncestors.length === 1 && {
        action: first === "'none'" ? 'deny' : 'sameorigin',
      },
      // Under 'no-referrer' a browser would send a form with `Origin: null`.
      referrerPolicy: { policy: 'same-origin' },
      // Whether there is TLS, and for which names, is up to the proxy that terminates it.
      strictTransportSecurity: false,
      // Both are ignored, with a warning, where a page comes over plain HTTP, as on a LAN.
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
    }),
  );
  return async (ctx, next) => {
    await setHeaders(ctx.req, ctx.res);
    await next();
  };
}

export const headers = policy("'none'");

/** The same, for a page in a frame of another page of this server. */
export const framed = policy("'self'");

/** The pages that a frame may need: a room, and the forms that lead into it. */
const EMBEDDABLE = /^\/(?:rooms\/[^/]+(?:\/password)?|password)$/;

/**
 * The same, for pages that other sites may frame, where the query asks for it: whatever the
 * response, or the browser would show an error of its own in the frame.
 */
export function embeddable(sites: ReadonlySet<string>): Middleware {
  const embedded = policy("'self'", ...sites);
  return (ctx, next) => {
    const isAsked = ctx.query.embed !== undefined && EMBEDDABLE.test(ctx.path);
    if (!isAsked || sites.size === 0) return next();
    ctx.remove('X-Frame-Options');
    return embedded(ctx, next);
  };
}
