import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { ChatError } from '../../../server/core/errors.ts';
import type { Undated } from '../../../server/core/log.ts';
import type { MembershipsChanged } from '../../../server/features/memberships/events.ts';
import { MembershipWriter } from '../../../server/features/memberships/membership-writer.ts';

function openWriter(t: TestContext, error?: Error) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const events: Undated<MembershipsChanged>[] = [];
  const writer = new MembershipWriter({
    async append(event) {
      events.push(event);
      if (error) throw error;
      return { change: { seq: events.length, room: null }, isNew: true };
    },
  });
  const read = (uid: string, readId: number) =>
    writer.change({ uid, room: 'class', readId, notifications: null });
  return { writer, events, read, tick: t.mock.timers.tick.bind(t.mock.timers) };
}

suite('What users read', () => {
  test('is one event for all who read within a tenth of a second', async (t) => {
    const { writer, events, read, tick } = openWriter(t);
    const done = [read('ada', 5), read('bob', 7), read('ada', 9), read('ada', 8)];
    const chosen = writer.change({ uid: 'ada', room: 'class', readId: null, notifications: 'all' });
    assert.equal(events.length, 0);
    tick(100);
    await Promise.all([...done, chosen]);
    assert.deepEqual(
      events.map(({ changes }) => changes),
      [
        [
          { uid: 'ada', room: 'class', readId: 9, notifications: 'all' },
          { uid: 'bob', room: 'class', readId: 7, notifications: null },
        ],
      ],
    );
  });

  test('is written at once where many read, and before the log closes', async (t) => {
    const { writer, events, read } = openWriter(t);
    const done = Array.from({ length: 1_200 }, (_, n) => read(`user ${n}`, 1));
    assert.equal(events.length, 2);
    writer.close();
    await Promise.all(done);
    assert.deepEqual(
      events.map(({ changes }) => changes.length),
      [500, 500, 200],
    );
  });

  test('is written at once for a user whose rooms are requested, and for nobody else', async (t) => {
    const { writer, events, read } = openWriter(t);
    const done = read('ada', 5);
    await writer.settled('bob');
    assert.equal(events.length, 0);
    await writer.settled('ada');
    assert.equal(events.length, 1);
    await done;
  });

  test('holds up no list of rooms for long where it cannot be written', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const writer = new MembershipWriter({ append: () => new Promise(() => {}) });
    void writer.change({ uid: 'ada', room: 'class', readId: 5, notifications: null });
    const settled = writer.settled('ada');
    t.mock.timers.tick(1_000);
    await settled;
  });

  test('is not acknowledged where it could not be committed', async (t) => {
    const { read, tick } = openWriter(t, new ChatError('not-saved'));
    const done = [read('ada', 5), read('bob', 5)];
    tick(100);
    for (const one of done) await assert.rejects(one, { code: 'not-saved' });
  });
});
