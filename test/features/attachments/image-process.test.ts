import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { ChatError } from '../../../server/core/errors.ts';
import { DiskSpace } from '../../../server/features/attachments/disk-space.ts';
import {
  type ImageLimits,
  ImageSanitizer,
} from '../../../server/features/attachments/images/image-sanitizer.ts';
import { runImageProcess } from '../../../server/features/attachments/images/run-image-process.ts';
import { OperatorLog } from '../../../server/operator-log.ts';
import {
  animation,
  bombGif,
  cornerColour,
  createImage,
  decodeImage,
  displayP3Jpeg,
} from '../../support/images.ts';
import { imageProcessOf } from '../../support/processes.ts';
import { openApp, spawnServer, temporaryFolder } from '../../support/server.ts';
import { createGuest, outcome } from '../../support/test-user.ts';
import { uploadFile } from '../../support/uploads.ts';
import { waitWhile } from '../../support/wait-while.ts';

const never = new AbortController().signal;
/** So that the result of a test does not depend on how busy the machine is. */
const LONG_LIMITS: ImageLimits = { maxCpuMs: 60_000, maxMs: 200_000, maxWaitMs: 200_000 };

/** An image sanitizer without a server. */
function openSanitizer(t: TestContext, limits: Partial<ImageLimits> = {}) {
  const folder = temporaryFolder(t);
  const lines: Readonly<Record<string, unknown>>[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const images = new ImageSanitizer(new DiskSpace(folder), new OperatorLog(logger), {
    ...LONG_LIMITS,
    ...limits,
  });
  t.after(() => images.close());
  const at = (name: string) => join(folder, name);
  return {
    lines,
    target: at('target'),
    sanitize(bytes: Buffer, kind: 'gif' | 'png' = 'png', signal = never) {
      writeFileSync(at('source'), bytes);
      const task = { source: at('source'), target: at('target'), preview: at('preview'), kind };
      return images.sanitize(task, { address: '192.0.2.1', signal });
    },
  };
}

suite('Images from many users', () => {
  test('are not delayed by a user whose images take long', async (t) => {
    const small = await createImage('png', 60, 40);
    const { port } = await openApp(t, { trustProxy: 1 });
    const [mallory, ann] = await Promise.all(
      ['192.0.2.1', '192.0.2.2'].map((address) => createGuest(port, { address })),
    );
    assert.ok(mallory && ann);
    const answers: string[] = [];
    const bomb = bombGif(700, 700, 15);
    const uploads = [
      ...[1, 2, 3].map(() => ['mallory', uploadFile(mallory, 'a.gif', bomb)] as const),
      ['ann', uploadFile(ann, 'a.png', small)] as const,
    ];
    await Promise.all(
      uploads.map(async ([who, upload]) => {
        answers.push(`${who} ${await outcome(upload)}`);
      }),
    );
    // In the order in which they came, hers would be the last.
    assert.ok(answers.slice(0, -1).includes('ann 201'), `${answers}`);
  });

  test('are answered even if they wait for longer than the body timeout', async (t) => {
    // The last waits for three others, each of which takes more than a second of the processor.
    const small = await createImage('png', 60, 40);
    const short = { headersTimeoutMs: 2_000, bodyTimeoutMs: 2_000, uploadTimeoutMs: 3_000 };
    const { port } = await openApp(t, {}, short);
    const ann = await createGuest(port);
    const all = Array.from({ length: 4 }, () => outcome(uploadFile(ann, 'a.png', small)));
    // Where the machine has so much else to do that it takes a minute, the last are refused in time.
    for (const answer of await Promise.all(all))
      assert.match(answer, /^(201|503 too-many-images)$/);
  });

  test('leave the queue when their senders disconnect', async (t) => {
    const small = await createImage('png', 60, 40);
    const data = temporaryFolder(t);
    const { port } = await openApp(t, { data });
    const left = () => readdirSync(join(data, 'files'));
    const ann = await createGuest(port);
    const gone = new AbortController();
    const waiting = Array.from({ length: 12 }, () =>
      uploadFile(ann, 'a.png', small, 'a', gone.signal).catch(() => undefined),
    );
    await waitWhile(() => left().length < waiting.length);
    gone.abort();
    const last = await uploadFile(ann, 'b.png', small);
    assert.equal(last.status, 201);
    await Promise.all(waiting);
    // The image in progress may be done.
    assert.ok(left().length <= 2, `${left()}`);
  });
});

suite('An image', () => {
  test('that is animated and large is scaled down, so that it takes no longer than others', async (t) => {
    const { sanitize, target } = openSanitizer(t);
    const { picture: made } = await sanitize(await animation(8, 2_000, 1_500), 'gif');
    const { frames, width, height } = await decodeImage(readFileSync(target));
    assert.deepEqual([frames, width, height], [8, made.width, made.height]);
    assert.ok(8 * width * height <= 20e6 && 8 * width * height > 19e6, `${width} ${height}`);
  });

  test('keeps its colours, whatever profile they were written in', async (t) => {
    const { sanitize, target } = openSanitizer(t);
    const colour = [200, 100, 50];
    const original = await displayP3Jpeg(colour);
    assert.notDeepEqual(await cornerColour(original), colour);
    await sanitize(original);
    for (const [index, value] of (await cornerColour(readFileSync(target))).entries()) {
      assert.ok(Math.abs(value - (colour[index] ?? 0)) <= 4, `${value}`);
    }
  });

  for (const [what, limits, code, retryS, reason] of [
    [
      'too much of the processor',
      { maxCpuMs: 1, maxMs: 60_000 },
      'image-too-complex',
      undefined,
      'time',
    ],
    ['too long on a busy machine', { maxCpuMs: 60_000, maxMs: 1 }, 'overloaded', 10, 'overdue'],
  ] as const) {
    test(`that takes ${what} is aborted, and logged for operators`, async (t) => {
      const { sanitize, lines, target } = openSanitizer(t, limits);
      await assert.rejects(sanitize(bombGif(700, 700, 100), 'gif'), (error: ChatError) => {
        assert.deepEqual([error.code, error.retryAfterSeconds], [code, retryS]);
        return true;
      });
      assert.deepEqual(
        lines.map((line) => [line.code, line.reason, line.kind]),
        [['image-given-up', reason, 'gif']],
      );
      assert.ok(!existsSync(target));
    });
  }

  test('whose process is killed, as where memory is short, can be sent again', async (t) => {
    const { sanitize, lines } = openSanitizer(t);
    const sanitizing = sanitize(bombGif(700, 700, 100), 'gif');
    process.kill(await imageProcessOf(process.pid), 'SIGKILL');
    await assert.rejects(sanitizing, { code: 'overloaded', retryAfterSeconds: 10 });
    assert.deepEqual(
      lines.map(({ code, reason }) => [code, reason]),
      [['image-given-up', 'killed']],
    );
    assert.equal((await sanitize(await createImage('png', 60, 40))).picture.width, 60);
  });

  test('that cannot be written is rejected with the reason', async (t) => {
    const { sanitize, target } = openSanitizer(t);
    mkdirSync(target);
    await assert.rejects(sanitize(await createImage('png', 60, 40)), { code: 'EISDIR' });
  });

  test('for whose process there are no descriptors is rejected with that reason, and the next is processed', async (t) => {
    const { sanitize } = openSanitizer(t);
    const image = await createImage('png', 60, 40);
    const pid = `${process.pid}`;
    // Without a descriptor, this process could not start what gives it some again.
    const restore = spawn('sh', ['-c', 'read line; prlimit --pid "$0" --nofile=4096:', pid]);
    execFileSync('prlimit', ['--pid', pid, '--nofile=3:']);
    const task = { source: '', target: '', preview: '', kind: 'png', maxCpuMs: 1 } as const;
    const error = await runImageProcess(task, 60_000, never).catch((reason) => reason);
    restore.stdin.end('\n');
    await once(restore, 'exit');
    assert.equal(error.code, 'EMFILE');
    assert.equal((await sanitize(image)).picture.width, 60);
  });

  test('is aborted when no request waits for it, and its process ends', async (t) => {
    const { sanitize } = openSanitizer(t);
    const gone = new AbortController();
    const sanitizing = sanitize(bombGif(700, 700, 100), 'gif', gone.signal);
    const child = await imageProcessOf(process.pid);
    const reason = new ChatError('bad-request');
    gone.abort(reason);
    await assert.rejects(sanitizing, reason);
    assert.ok(!existsSync(`/proc/${child}`));
  });

  test('does not outlive a server that is killed', async (t) => {
    const server = spawnServer(t, ['--port', '0', '--data', ':memory:']);
    const ann = await createGuest(await server.listening());
    const upload = uploadFile(ann, 'a.gif', bombGif(700, 700, 100)).catch(() => {});
    const child = await imageProcessOf(server.child.pid);
    await server.end('SIGKILL');
    await upload;
    await waitWhile(() => existsSync(`/proc/${child}`));
  });
});
