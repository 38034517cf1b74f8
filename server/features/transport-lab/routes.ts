import type Router from 'koa-router';
import { ChatError } from '../../core/errors.ts';
import type { TrafficMeters } from '../../transports/traffic-meters.ts';

/** The page that compares the ways to hear a room, and what it asks the server's counting. */
export function transportLabRoutes(router: Router, meters: TrafficMeters): void {
  router.get('/transports', (ctx) => ctx.render('transports'));

  /** Begins a run: what carries `meter=RUN.WAY` is counted. */
  router.post('/transports/runs', (ctx) => {
    ctx.status = 201;
    ctx.body = { run: meters.open() };
  });

  /** What each way of a run has cost so far. */
  router.get('/transports/runs/:run', (ctx) => {
    const costs = meters.read(ctx.params.run ?? '');
    if (!costs) throw new ChatError('no-run');
    ctx.set('Cache-Control', 'no-store');
    ctx.body = costs;
  });
}
