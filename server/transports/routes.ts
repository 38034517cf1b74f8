import type { Middleware } from 'koa';
import Router from 'koa-router';
import { Refusal } from '../errors.ts';
import { eventStreams } from './event-stream.ts';
import { polls } from './polls.ts';
import type { TransportParts } from './streams.ts';

/** The ways to hear what happens over plain HTTP. */
export function transportRoutes(parts: TransportParts): Router {
  const router = new Router({ sensitive: true });
  router.get('/rooms/:room/events', bare, eventStreams(parts));
  router.get('/rooms/:room/messages', bare, polls(parts));
  // What comes here has not asked for a WebSocket, or a proxy has kept that from us.
  router.get(['/chat', '/rooms/:room/live'], () => {
    throw new Refusal('needs-web-socket');
  });
  return router;
}

/** Fragments are for a page to take in; one who looks at them by themselves sees text. */
const bare: Middleware = (ctx, next) => {
  ctx.set('X-Content-Type-Options', 'nosniff');
  ctx.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  return next();
};
