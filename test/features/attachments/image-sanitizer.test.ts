import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ChatError } from '../../../server/core/errors.ts';
import type { DiskSpace } from '../../../server/features/attachments/disk-space.ts';
import { ImageSanitizer } from '../../../server/features/attachments/images/image-sanitizer.ts';
import type { ImageTask } from '../../../server/features/attachments/images/image-worker.ts';
import type { OperatorLog } from '../../../server/operator-log.ts';
import { TIMEOUTS } from '../../../server/timeouts.ts';

const never = new AbortController().signal;
const task = {} as ImageTask;

/** A sanitizer whose images wait for disk space until a test gives them an error instead. */
function open() {
  const space = Promise.withResolvers<never>();
  // It may be that nothing waits for it.
  space.promise.catch(() => {});
  const hold = () => space.promise;
  const sanitizer = new ImageSanitizer({ hold } as unknown as DiskSpace, {} as OperatorLog, {
    maxCpuMs: 1,
    maxMs: 1,
    maxWaitMs: TIMEOUTS.imageQueueTimeoutMs,
  });
  const add = (address: string) => sanitizer.sanitize(task, { address, signal: never });
  return { sanitizer, add, fail: space.reject };
}

suite('Images', () => {
  test('that have waited for 45 s are rejected, with the time to try again', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { add, fail } = open();
    const long = add('a');
    const waiting = add('b');
    await new Promise(setImmediate);
    t.mock.timers.tick(44_999);
    const later = add('c');
    t.mock.timers.tick(1);
    await assert.rejects(waiting, ({ code, status, retryAfterSeconds }: ChatError) => {
      assert.deepEqual([code, status, retryAfterSeconds], ['too-many-images', 503, 10]);
      return true;
    });
    t.mock.timers.tick(44_998);
    const full = new Error('no space');
    fail(full);
    await assert.rejects(long, full, 'one that runs is not refused');
    await assert.rejects(later, full, 'it had its turn in time');
  });

  test('that wait are cancelled when the server closes', async () => {
    const { sanitizer, add, fail } = open();
    const running = assert.rejects(add('a'));
    const waiting = assert.rejects(add('b'), ({ code }: ChatError) => code === 'shutting-down');
    sanitizer.close();
    await waiting;
    await assert.rejects(add('c'), ({ code }: ChatError) => code === 'shutting-down');
    fail(new ChatError('storage-full'));
    await running;
  });
});
