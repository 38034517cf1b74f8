import type { Middleware } from 'koa';
import helmet from 'koa-helmet';

/** What the browser is told to allow: this server's own files, and no script or style in a page. */
function policy(frameAncestors: "'none'" | "'self'"): Middleware {
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
        frameAncestors: [frameAncestors],
      },
    },
    xFrameOptions: { action: frameAncestors === "'none'" ? 'deny' : 'sameorigin' },
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
