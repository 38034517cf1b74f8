import type { Change } from '../core/change.ts';
import type { Counters } from '../core/counters.ts';
import type { LogStore } from '../core/group-commit-log.ts';

/** A store of which the commits are counted and timed. */
export function measuredStore<E, C extends Change>(
  store: LogStore<E, C>,
  counters: Counters,
): LogStore<E, C> {
  return {
    position: store.position,
    async append(group, at) {
      const start = performance.now();
      try {
        const outcomes = await store.append(group, at);
        counters.commitSeconds.add((performance.now() - start) / 1_000);
        counters.batchSizes.add(group.length);
        return outcomes;
      } catch (error) {
        counters.failedCommits += 1;
        throw error;
      }
    },
  };
}
