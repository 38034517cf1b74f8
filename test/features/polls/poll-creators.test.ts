import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { appender } from '../../../server/features/appender.ts';
import type { Event } from '../../../server/features/events.ts';
import type { PollCreated } from '../../../server/features/polls/events.ts';
import { parsePoll } from '../../../server/features/polls/poll.ts';
import type { RoomAction } from '../../../server/features/room-actions.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { posted, roomAction, who } from '../../support/events.ts';
import { errorCodeOf, SPEC } from '../../support/poll.ts';
import { openApp } from '../../support/server.ts';
import { createGuest, outcome, signIn } from '../../support/test-user.ts';

const [ada, ben] = [who('ada'), who('ben')];
const mo = who('mo', { isModerator: true });
const CREATED: RoomAction = {
  type: 'room-created',
  title: 'Room',
  topic: '',
  isListed: true,
  passwordHash: null,
};
const everyone: RoomAction = { type: 'poll-creators-changed', creators: 'everyone' };
const moderators: RoomAction = { type: 'poll-creators-changed', creators: 'moderators' };

function poll(by = ben, cid: string | null = null): PollCreated {
  return { kind: 'poll-created', room: 'class', who: by, cid, poll: SPEC, files: [], at: 0 };
}

/** What a new store answers to events: an error code, or `ok`. */
function openStore(t: TestContext) {
  const db = openDatabase(':memory:');
  t.after(() => db.close());
  const append = appender(db);
  return (...events: readonly Event[]) =>
    append(events).map((outcome) => errorCodeOf(outcome) ?? 'ok');
}

suite('Who can start polls', () => {
  test('is the owner and moderators in a room with an owner, and all users in a room without', (t) => {
    const answers = openStore(t);
    assert.deepEqual(answers(poll()), ['ok']);
    const owned = openStore(t);
    assert.deepEqual(owned(roomAction(CREATED, ada), poll(), poll(ada), poll(mo)), [
      'ok',
      'polls-restricted',
      'ok',
      'ok',
    ]);
  });

  test('is decided in the order of the log, and a poll that is sent again stays confirmed', (t) => {
    const answers = openStore(t);
    assert.deepEqual(
      answers(
        roomAction(CREATED, ada),
        poll(),
        roomAction(everyone, ada),
        poll(ben, 'first'),
        roomAction(moderators, ada),
        poll(ben, 'first'),
        poll(ben, 'second'),
        roomAction(everyone, ben),
      ),
      ['ok', 'polls-restricted', 'ok', 'ok', 'ok', 'ok', 'polls-restricted', 'not-moderator'],
    );
  });

  test('a refused poll does not count for slow mode', (t) => {
    const answers = openStore(t);
    const slow: RoomAction = { type: 'slow-mode-changed', seconds: 60 };
    assert.deepEqual(
      answers(roomAction(CREATED, ada), roomAction(slow, ada), poll(), posted('a', null, ben)),
      ['ok', 'ok', 'polls-restricted', 'ok'],
    );
  });

  test('is not a setting where the room has no owner', (t) => {
    const answers = openStore(t);
    assert.deepEqual(answers(posted('a'), roomAction(moderators, mo), poll()), [
      'ok',
      'no-owner',
      'ok',
    ]);
  });

  test('a poll says whether a moderator started it', (t) => {
    const db = openDatabase(':memory:');
    t.after(() => db.close());
    const outcomes = appender(db)([
      roomAction(CREATED, ada),
      roomAction(everyone, ada),
      poll(),
      poll(mo),
    ]);
    assert.deepEqual(
      outcomes.slice(2).map((outcome) => {
        assert.ok('change' in outcome && outcome.change.message);
        return parsePoll(outcome.change.message.body).isByModerator;
      }),
      [false, true],
    );
  });

  test('holds for the form, for commands of text, and for sockets', async (t) => {
    const { port } = await openApp(t);
    const owner = await signIn(port, 'Ada');
    await owner.createRoom('class');
    const guest = await createGuest(port);
    const create = { type: 'create-poll', question: 'Which?', options: ['a', 'b'] };
    const text = '/poll "Which?" a | b';
    const socket = await guest.live(t, 'class');
    const refused = '403 polls-restricted';
    const page = async (by: typeof guest) =>
      (await by.get('/rooms/class/new-poll', { Accept: 'text/html' })).status;
    const attempts = async () => [
      await outcome(guest.command('class', create)),
      await outcome(guest.postMessage('class', text)),
      await outcome(guest.postMessage('class', '/questions "What?"')),
      await page(guest),
    ];
    assert.deepEqual(await attempts(), [refused, refused, refused, 403]);
    socket.send(JSON.stringify({ message: text, cid: 'a' }));
    socket.send(JSON.stringify({ ...create, cid: 'b' }));
    for (const cid of ['a', 'b']) {
      await socket.until((frames) =>
        frames.some((frame) => /polls-restricted/.test(frame) && frame.includes(`"${cid}"`)),
      );
    }
    assert.equal(await page(owner), 200);
    const form = { type: 'set-poll-creators', creators: 'everyone' };
    assert.equal((await owner.submit('/rooms/class/commands', form)).status, 303);
    await socket.untilEphemeral((frames) =>
      frames.some((frame) => frame.includes('"pollCreators":"everyone"')),
    );
    assert.deepEqual(await attempts(), ['200', '201', '201', 200]);
    const settings = await owner.get('/rooms/class/settings', { Accept: 'text/html' });
    assert.match(await settings.text(), /<option value="everyone" selected>/);
  });
});
