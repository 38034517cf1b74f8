import type Router from 'koa-router';
import { ChatError } from '../../core/errors.ts';
import type { TrafficMeters } from './traffic-meters.ts';

/** The page that compares the transports, and the traffic that the server measured for it. */
export function transportLabRoutes(router: Router, meters: TrafficMeters): void {
  router.get('/transports', (ctx) => ctx.render('transports'));

  /** Starts a run: traffic with `meter=RUN.WAY` is measured. */
  router.post('/transports/runs', (ctx) => {
    ctx.status = 201;
    ctx.body = { run: meters.open() };
  });

  /** The traffic of each transport of a run so far. */
  router.get('/transports/runs/:run', (ctx) => {
    const costs = meters.read(ctx.params.run ?? '');
    if (!costs) throw new ChatError('run-not-found');
    ctx.set('Cache-Control', 'no-store');
    ctx.body = costs;
  });
}
