import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { PreparedSpec } from '../../../server/features/polls/events.ts';
import type { ChatRoom } from '../../../server/features/rooms/chat-room.ts';
import { who } from '../../support/events.ts';
import { ignoreErrors } from '../../support/observer.ts';
import { SPEC } from '../../support/poll.ts';
import { ADA, openLog, openWaiter } from '../../support/rendering.ts';

const ROOM = 'room';
/** More polls than those whose voters a room reads when it is opened. */
const NEWER = 60;

type Opened = Awaited<ReturnType<typeof openLog>>;

/** An old poll, which many newer ones follow, in a room that nobody has opened. */
async function oldPoll(t: TestContext, spec: Partial<PreparedSpec> = {}) {
  const opened = await openLog(t, ignoreErrors);
  const createPoll = async (poll: PreparedSpec) => {
    const event = {
      kind: 'poll-created' as const,
      room: ROOM,
      who: who('creator'),
      cid: null,
      files: [],
    };
    return (await opened.log.append({ ...event, poll })).change.seq;
  };
  const id = await createPoll({ ...SPEC, ...spec });
  for (let n = 0; n < NEWER; n += 1) await createPoll(SPEC);
  return { ...opened, id };
}

/** As a vote that was sent to another process: this one leaves the count to it for a while. */
function vote({ log, id }: Opened & { id: number }, uid: string, ...options: readonly number[]) {
  return log.append({ kind: 'votes-set', room: ROOM, who: who(uid), id, options });
}

/** Waits until the poll is counted and written, with this result. */
async function until(
  room: ChatRoom,
  id: number,
  isDone: (poll: Counted) => boolean,
): Promise<void> {
  for (;;) {
    const poll = await room.polls.find(id);
    if (poll && isDone(poll)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

type Counted = NonNullable<Awaited<ReturnType<ChatRoom['polls']['find']>>>;

const counts = (expected: readonly number[]) => (poll: Counted) =>
  String(poll.counts) === String(expected);

suite('A poll that is older than the latest fifty', () => {
  test('is counted when its room is opened, where a crash prevented that', async (t) => {
    const poll = await oldPoll(t);
    await vote(poll, 'a', 1);
    const room = await poll.open();
    await until(room, poll.id, counts([0, 1, 0]));
    assert.deepEqual(await poll.store.queries.uncountedPolls(ROOM, 10), []);
  });

  test('is counted when a user votes in it, and its voters see the results', async (t) => {
    const poll = await oldPoll(t, { resultsVisibility: 'after-vote' });
    const room = await poll.open();
    const { connection, waiter } = openWaiter(room);
    await waiter.start();
    await vote(poll, ADA.uid, 2);
    await until(room, poll.id, counts([0, 0, 1]));
    await connection.until(() =>
      connection.texts.some((text) => text.startsWith('{"type":"results"')),
    );
  });

  test('is closed when its time has ended', async (t) => {
    const poll = await oldPoll(t, { minutes: 10 });
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 10 * 60_000 });
    const room = await poll.open();
    await until(room, poll.id, ({ isOpen }) => !isOpen);
  });

  test("is counted later, where its counts can't be written now", async (t) => {
    const poll = await oldPoll(t);
    const room = await poll.open();
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { append } = poll.store;
    const failing = t.mock.method(
      poll.store,
      'append',
      async (...[group, at]: Parameters<typeof append>) => {
        if (group.every(({ kind }) => kind !== 'poll-tallied'))
          return append.call(poll.store, group, at);
        throw new Error('the disk is full');
      },
    );
    await vote(poll, 'a', 0);
    t.mock.timers.tick(1_750);
    while (failing.mock.callCount() < 2) await new Promise(setImmediate);
    failing.mock.restore();
    t.mock.timers.tick(10_000);
    t.mock.timers.reset();
    await until(room, poll.id, counts([1, 0, 0]));
  });
});
