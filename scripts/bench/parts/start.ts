import { percentiles } from '../load.ts';
import { onServer, type Part, rounded, rowsOf } from '../part.ts';

export const start: Part = {
  name: 'start',
  title: 'From the start of the process to the first page served',
  async *measure({ contenders, scale }) {
    for (const contender of contenders) {
      yield* rowsOf(contender, async function* () {
        const times: number[] = [];
        while (times.length < scale.starts) {
          times.push(await onServer(contender, 0, async ({ startMs }) => startMs));
        }
        const { p50, max } = percentiles(times);
        yield { starts: times.length, 'median ms': rounded(p50), 'max ms': rounded(max) };
      });
    }
  },
};
