import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { appender } from '../../../server/features/appender.ts';
import type { ChatChange } from '../../../server/features/change.ts';
import type { Event } from '../../../server/features/events.ts';
import { queries } from '../../../server/features/queries.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { posted, roomAction, who } from '../../support/events.ts';

const ann = who('ann', { name: 'Ann' });
const bo = who('bo', { name: 'Bo' });
const MAX_ID = Number.MAX_SAFE_INTEGER;

const erased: Event = { kind: 'person-erased', uids: ['ann'], session: null, at: 0 };

function openStore() {
  const db = openDatabase(':memory:');
  const { before, settings, isErasing, memberRooms } = queries(db);
  return {
    append: (...events: readonly Event[]) => appender(db)(events),
    /** Erases the next piece, as after a restart. Returns what it changed; `undefined`: nothing is left. */
    proceed(): ChatChange | undefined {
      const [outcome] = appender(db)([{ kind: 'erasure-continued', at: 0 }]);
      return outcome && 'change' in outcome ? outcome.change : undefined;
    },
    ofRoom: (room: string) => before(room, MAX_ID, 500).messages,
    settings,
    isErasing,
    memberRooms,
  };
}

/** The changes of a room by each piece that changed one, until nothing is left. */
function changesOf({ proceed }: ReturnType<typeof openStore>) {
  const all: ChatChange[] = [];
  for (let change = proceed(); change; change = proceed()) all.push(change);
  return all.filter(({ message, settings }) => message || settings);
}

suite('Erasing a person', () => {
  test('changes fifty messages of one room at once, and goes on after a restart', () => {
    const store = openStore();
    for (const room of ['b', 'a'])
      store.append(
        ...Array.from({ length: 70 }, (_, n) => ({ ...posted(`text ${n}`, null, ann), room })),
        { ...posted('of Bo', null, bo), room },
      );
    store.append(erased);
    const changes = changesOf(store);
    assert.deepEqual(
      changes.map(({ room, others = [] }) => [room, others.length + 1]),
      [
        ['a', 50],
        ['a', 20],
        ['b', 50],
        ['b', 20],
      ],
    );
    for (const room of ['a', 'b']) {
      const kept = store.ofRoom(room).filter(({ kind }) => kind === 'message');
      assert.deepEqual(
        kept.map(({ body }) => body),
        ['of Bo'],
      );
      assert.ok(store.ofRoom(room).every(({ uid, name }) => uid !== 'ann' && name !== 'Ann'));
    }
    assert.equal(store.isErasing(), false);
  });

  test('takes what was posted while it went on, and what others quoted meanwhile', () => {
    const store = openStore();
    store.append(posted('first', null, ann), erased);
    store.append({ ...posted('a reply', null, bo), reply: 1 }, posted('late', null, ann));
    changesOf(store);
    const text = JSON.stringify(store.ofRoom('class'));
    assert.doesNotMatch(text, /first|late|Ann/);
    assert.match(text, /a reply/);
  });

  test('begins again where something came into a room that was read', () => {
    const store = openStore();
    store.append(posted('first', null, ann), posted('of Bo', null, bo), erased);
    while (store.ofRoom('class').some(({ uid }) => uid === 'ann')) store.proceed();
    store.append(posted('on its way', null, ann));
    store.append({
      kind: 'memberships-changed',
      changes: [{ uid: 'ann', room: 'class', readId: 1, notifications: null }],
      at: 0,
    });
    changesOf(store);
    assert.doesNotMatch(JSON.stringify(store.ofRoom('class')), /first|on its way|Ann/);
    assert.equal(store.memberRooms('ann', 10, 10).length, 0);
  });

  test('unpins, lifts and disowns, and leaves cleared messages as they are', () => {
    const store = openStore();
    const owner = who('ann', { isModerator: true });
    const whom = { uid: 'ann', name: 'Ann' };
    store.append(
      posted('cleared', null, ann),
      roomAction({ type: 'history-cleared' }, owner),
      posted('pinned', null, ann),
      roomAction({ type: 'message-pinned', id: 3 }, who('bo', { isModerator: true })),
      roomAction({ type: 'user-muted', whom, minutes: null, address: null }, owner),
      erased,
    );
    assert.equal(store.settings('class')?.sanctions.length, 1);
    const [change] = changesOf(store);
    assert.deepEqual(change?.settings?.pinned, []);
    assert.deepEqual(store.settings('class')?.sanctions, []);
    assert.doesNotMatch(JSON.stringify(store.ofRoom('class')), /"ann"|Ann/);
  });

  test('is refused to a session that is over, and to users for others', () => {
    const store = openStore();
    const [outcome] = store.append({ ...erased, session: 'none' });
    assert.deepEqual(outcome, { refused: 'session-expired', details: {} });
    assert.equal(store.isErasing(), false);
    assert.equal(store.proceed(), undefined);
  });

  test('of who asks meanwhile comes after that, in one for all of them', () => {
    const store = openStore();
    store.append(posted('one', null, ann), posted('two', null, bo), erased);
    store.proceed();
    store.append({ ...erased, uids: ['bo'] }, { ...erased, uids: ['cy'] });
    assert.deepEqual(
      changesOf(store).map(({ message }) => message?.id),
      [2],
    );
  });
});
