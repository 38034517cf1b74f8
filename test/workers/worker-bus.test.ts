import assert from 'node:assert/strict';
import { WorkerBus } from '../../server/workers/worker-bus.ts';
import { WorkerLinks } from '../../server/workers/worker-links.ts';
import { testBus } from '../core/bus-contract.ts';
import { linkWorker } from '../support/workers.ts';

const log = { head: 0, append: () => assert.fail('a bus appends nothing') };

testBus('of workers', async (t, count) => {
  const links = new WorkerLinks();
  const workers = Array.from({ length: count }, (_, index) => linkWorker(links, `${index}`, log));
  for (const { close } of workers) t.after(close);
  const buses = workers.map(({ channel }, index) => new WorkerBus(channel, `${index}`));
  return { buses, whenReady: () => Promise.resolve() };
});
