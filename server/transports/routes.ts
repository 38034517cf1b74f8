import type Router from 'koa-router';
import { Refusal } from '../errors.ts';
import { eventStreams } from './event-stream.ts';
import { polls } from './polls.ts';
import type { TransportParts } from './streams.ts';

/** The ways to hear what happens over plain HTTP. */
export function transportRoutes(router: Router, parts: TransportParts): void {
  router.get('/rooms/:room/events', eventStreams(parts));
  router.get('/rooms/:room/messages', polls(parts));
  // What comes here has not asked for a WebSocket, or a proxy has kept that from us.
  router.get(['/chat', '/rooms/:room/live'], () => {
    throw new Refusal('needs-web-socket');
  });
}
