import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Health } from '../../server/monitor/health.ts';
import { StorageError } from '../../server/storage/storage-error.ts';

const HOUR_MS = 3_600_000;

/** Health checks of a store whose commits can be made to fail. */
function createHealth(
  probe: () => Promise<void>,
  timeoutMs = HOUR_MS,
  lack: () => 'behind' | 'cut-off' | undefined = () => undefined,
) {
  let nowMs = 0;
  const commits: string[] = [];
  const health = new Health({
    probe,
    lack,
    observer: {
      committed: () => void commits.push('committed'),
      commitFailed: () => void commits.push('failed'),
      eventFailed: () => {},
      listenerFailed: () => {},
    },
    now: () => nowMs,
    timeoutMs,
  });
  const wait = (ms: number) => {
    nowMs += ms;
  };
  return { health, commits, wait };
}

suite('The health of the server', () => {
  test('is found out by one write for all that ask within two seconds.', async () => {
    let writes = 0;
    const { health, wait } = createHealth(async () => {
      writes += 1;
    });
    const results = await Promise.all(Array.from({ length: 100 }, () => health.check()));
    assert.deepEqual(new Set(results), new Set([undefined]));
    wait(1_999);
    await health.check();
    assert.equal(writes, 1);
    wait(1);
    await health.check();
    assert.equal(writes, 2);
  });

  test('is bad for the reason of the failed write, and good again without a message.', async () => {
    let failure: Error | undefined = new StorageError('full', 'disk-full');
    const { health, commits, wait } = createHealth(async () => {
      if (failure) throw failure;
    });
    assert.equal(await health.check(), 'disk-full');
    failure = undefined;
    wait(2_000);
    assert.equal(await health.check(), undefined);
    assert.deepEqual(commits, ['failed', 'committed'], 'the log has both');
  });

  test('is bad while a node of a cluster lacks what the others have.', async () => {
    let lack: 'behind' | 'cut-off' | undefined = 'behind';
    const { health } = createHealth(
      async () => {},
      HOUR_MS,
      () => lack,
    );
    assert.equal(await health.check(), 'behind');
    lack = 'cut-off';
    assert.equal(await health.check(), 'cut-off');
    lack = undefined;
    assert.equal(await health.check(), undefined);
  });

  test('names a full disk, and not what the node lacks because of it.', async () => {
    const full = new StorageError('full', 'disk-full');
    const { health } = createHealth(
      () => Promise.reject(full),
      HOUR_MS,
      () => 'cut-off',
    );
    assert.equal(await health.check(), 'disk-full');
  });

  test('is bad where the disk does not respond, and the check ends.', async () => {
    const { health } = createHealth(() => new Promise(() => {}), 1);
    assert.equal(await health.check(), 'not-responding');
  });

  test('is bad while the server shuts down.', async () => {
    const { health } = createHealth(async () => {});
    health.close();
    assert.equal(await health.check(), 'shutting-down');
  });
});
