import type { LoadTransport } from '../load-clients.ts';
import { type Part, rowsOf } from '../part.ts';
import { atRates } from './latency.ts';
import { idle } from './memory.ts';

const TRANSPORTS: readonly LoadTransport[] = ['SSE', 'long polling'];

export const http: Part = {
  name: 'http',
  title: 'Latency and memory over SSE and long polling',
  async *measure(bench) {
    for (const contender of bench.contenders.filter(({ isTyphoon }) => isTyphoon)) {
      for (const transport of TRANSPORTS) {
        yield* rowsOf(contender, () => atRates(contender, bench, bench.scale.httpRates, transport));
        yield* rowsOf(contender, () => idle(contender, bench, transport));
      }
    }
  },
};
