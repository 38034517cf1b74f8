import type { Way } from '../crowd.ts';
import { type Part, rowsOf } from '../part.ts';
import { atRates } from './latency.ts';
import { idle } from './memory.ts';

const WAYS: readonly Way[] = ['event stream', 'long poll'];

export const http: Part = {
  name: 'http',
  title: 'The same for clients of an event stream or long polling',
  async *measure(bench) {
    for (const contender of bench.contenders.filter(({ isTyphoon }) => isTyphoon)) {
      for (const way of WAYS) {
        yield* rowsOf(contender, () => atRates(contender, bench, bench.scale.httpRates, way));
        yield* rowsOf(contender, () => idle(contender, bench, way));
      }
    }
  },
};
