import type { Middleware } from 'koa';
import helmet from 'koa-helmet';

/** What pages use of what a browser can do (W3C, Permissions Policy); whoever frames them may use no more. */
const USED = ['clipboard-write', 'fullscreen', 'screen-wake-lock'];
/** What no page of this server uses, whatever a script of a stranger would do in it. */
const UNUSED = [
  ...['accelerometer', 'autoplay', 'bluetooth', 'camera', 'clipboard-read', 'display-capture'],
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

/** Tells the browser what pages may do: nothing that they do not need. */
export const permissions: Middleware = (ctx, next) => {
  ctx.set('Permissions-Policy', PERMISSIONS);
  return next();
};

/**
 * What the browser is told to allow: this server's own files, and no script or style in a page.
 * @param frameAncestors where the page may stand in a frame
 */
function policy(...frameAncestors: readonly string[]): Middleware {
  const [first] = frameAncestors;
  return helmet({
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
    // The older header knows no list of sites: where there is one, only the newer counts.
    xFrameOptions: frameAncestors.length === 1 && {
      action: first === "'none'" ? 'deny' : 'sameorigin',
    },
    // Under 'no-referrer' a browser would send a form with `Origin: null`.
    referrerPolicy: { policy: 'same-origin' },
    // Whether there is TLS, and for which names, is the business of the proxy that ends it.
    strictTransportSecurity: false,
    // Both are ignored, with a warning, where a page comes over plain HTTP, as it does on a LAN.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  });
}

export const headers = policy("'none'");

/** The same, for a page that stands in a frame of another page of this server. */
export const framed = policy("'self'");

/** The pages that a frame may need: a room, and what leads into it. */
const EMBEDDABLE = /^\/(?:rooms\/[^/]+(?:\/enter)?|enter)$/;

/**
 * The same, for pages that pages of other sites may show in a frame, where it is asked for so: whatever
 * they answer, or the browser would show an error of its own in the frame.
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
