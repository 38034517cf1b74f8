import { parseArgs } from 'node:util';
import { type Load, measure, type Result } from './bench/measure.ts';
import { MeasuredServer } from './bench/server.ts';

/*
 * npm run bench [-- --waiters 1000 --seconds 10]
 *
 * A server in a process of its own, with its log on the disk, and the clients in this one: how many
 * deliveries it makes, what they cost it, and how long each takes. A table, then the same as JSON.
 */

const { values } = parseArgs({
  options: {
    waiters: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
  },
});
const waiters = Number(values.waiters);
const seconds = Number(values.seconds);

const loads: readonly Load[] = [
  { perSecond: 50, messages: 50 * seconds },
  { perSecond: 300, messages: 300 * seconds },
  { inFlight: 1, messages: 100 * seconds },
  { inFlight: 64, messages: 1_000 * seconds },
];

const results: Result[] = [];
for (const load of loads) {
  const server = await MeasuredServer.start();
  try {
    results.push(await measure(server, waiters, load));
  } finally {
    await server.stop();
  }
}

const whole = (number: number) => Math.round(number).toLocaleString('en');
console.table(
  results.map((r) => ({
    load: r.load,
    waiters: whole(r.waiters),
    messages: whole(r.messages),
    'deliveries/s': whole(r.deliveriesPerSecond),
    'deliveries/CPU-s': whole(r.deliveriesPerCpuSecond),
    'p50 ms': r.latencyMs.p50.toFixed(1),
    'p99 ms': r.latencyMs.p99.toFixed(1),
    'max ms': r.latencyMs.max.toFixed(1),
    'client CPU': r.clientCpu.toFixed(2),
  })),
);
console.log(JSON.stringify(results, null, 2));
