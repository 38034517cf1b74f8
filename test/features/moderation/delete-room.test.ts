import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { appender } from '../../../server/features/appender.ts';
import type { Event } from '../../../server/features/events.ts';
import { queries } from '../../../server/features/queries.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { posted, roomAction, who } from '../../support/events.ts';
import { becomeOwner } from '../../support/owner.ts';
import { openApp } from '../../support/server.ts';
import { outcome, signIn } from '../../support/test-user.ts';

const MAX_ID = Number.MAX_SAFE_INTEGER;
const owner = who('owner', { name: 'Ann' });

suite('Deleting a room', () => {
  test('leaves nothing of it but that it was deleted, and its address is free', () => {
    const db = openDatabase(':memory:');
    const write = appender(db);
    const append = (...events: readonly Event[]) => write(events);
    const { before, settings, settingsOfRooms, roomsAfter, roomOfCode } = queries(db);
    const create = {
      type: 'room-created',
      title: 'Class',
      topic: 'Maths',
      isListed: true,
    } as const;
    const created: Event = roomAction({ ...create, passwordHash: 'hash' }, owner);
    append(created, posted('zqtext', null, owner));
    const code = settings('class')?.joinCode;
    const [refused] = append(roomAction({ type: 'room-deleted' }, who('other')));
    assert.deepEqual(refused, { refused: 'not-moderator', details: {} });
    const [deleted] = append(roomAction({ type: 'room-deleted' }, owner));
    assert.ok(deleted && 'change' in deleted && deleted.change.isClearing);
    const { seq } = deleted.change;
    assert.deepEqual(
      before('class', MAX_ID, 10).messages.map(({ body }) => body),
      ['{"action":"room-deleted"}'],
    );
    assert.deepEqual([settingsOfRooms(['class']), roomsAfter('', 10)], [[], []]);
    assert.deepEqual([settings('class')?.joinCode, roomOfCode(code ?? '')], [null, undefined]);
    append({ ...created, who: who('next', { name: 'Bo' }) });
    const { owner: next, title, topic, clearedSeq, joinCode, isDeleted } = settings('class') ?? {};
    assert.deepEqual(
      { next, title, topic, clearedSeq, joinCode, isDeleted },
      {
        next: 'next',
        title: 'Class',
        topic: 'Maths',
        clearedSeq: seq,
        joinCode: code,
        isDeleted: false,
      },
    );
    assert.equal(roomsAfter('', 10).length, 1);
  });

  test('is asked for first, empties the pages that are open, and leads to the list of rooms', async (t) => {
    const { port, ownerPath } = await openApp(t);
    const server = await becomeOwner(port, ownerPath);
    const bob = await signIn(port, 'Bob');
    await bob.createRoom('garden', { title: 'Garden', listed: true });
    await bob.postMessage('garden', 'zqtext');
    const socket = await bob.live(t, 'garden');
    const form = { type: 'delete-room' };
    const asked = await (await server.submit('/rooms/garden/commands', form)).text();
    assert.match(asked, /Delete this room\?/);
    assert.match(await (await bob.get('/rooms')).text(), /Garden/);
    const done = await server.submit('/rooms/garden/commands', { ...form, confirmed: 'on' });
    assert.equal(done.headers.get('location'), '/rooms');
    await socket.until((frames) => frames.some((frame) => /room-deleted/.test(frame)));
    for (const path of ['/rooms', '/admin/rooms'])
      assert.doesNotMatch(await (await server.get(path)).text(), /Garden/, path);
    const again = bob.command('garden', { type: 'set-topic', text: 'mine' });
    assert.equal(await outcome(again), '403 not-moderator');
    assert.equal(await outcome(bob.createRoom('garden', { title: 'New' })), '201');
  });
});
