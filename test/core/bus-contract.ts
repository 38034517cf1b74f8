import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Bus } from '../../server/core/bus.ts';

interface OpenedBuses {
  readonly buses: readonly Bus[];
  /** Resolves when all hear what they listen for. */
  readonly whenReady: () => Promise<unknown>;
}

/** Opens the buses of some nodes. */
type OpenBuses = (t: TestContext, count: number) => Promise<OpenedBuses>;

/** What any bus does. */
export function testBus(name: string, open: OpenBuses): void {
  suite(`The bus ${name}`, () => {
    test('tells every other node, in order, under an id of its own, and not itself', async (t) => {
      const { buses, whenReady } = await open(t, 3);
      const heard = buses.map(() => [] as { readonly body: unknown; readonly node: string }[]);
      const done = buses.map(() => Promise.withResolvers<void>());
      for (const [index, bus] of buses.entries()) {
        bus.hear('one', (body, node) => {
          heard[index]?.push({ body, node });
          if (heard[index]?.length === 6) done[index]?.resolve();
        });
        bus.hear('two', () => assert.fail('nobody tells anything there'));
      }
      await whenReady();
      for (const [index, bus] of buses.entries()) {
        for (const n of [1, 2, 3]) bus.tell('one', { from: index, n, text: '你好' });
      }
      await Promise.all(done.map(({ promise }) => promise));
      for (const [index, all] of heard.entries()) {
        const others = [0, 1, 2].filter((other) => other !== index);
        const byNode = Map.groupBy(all, ({ node }) => node);
        const bodies = [...byNode.values()].map((each) => each.map(({ body }) => body));
        assert.deepEqual(
          new Set(bodies.map((each) => JSON.stringify(each))),
          new Set(
            others.map((from) => JSON.stringify([1, 2, 3].map((n) => ({ from, n, text: '你好' })))),
          ),
        );
      }
    });
  });
}
