import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openApp, suiteApp, temporaryFolder } from '../../support/server.ts';
import { signedIn } from '../../support/test-browser.ts';
import { createGuest, outcome, signIn, type TestUser } from '../../support/test-user.ts';

const app = suiteApp();
const HTML = { Accept: 'text/html' };
const JSON_TYPE = { Accept: 'application/json' };
const SPEC = { question: 'One?', options: ['a', 'b'] };

const prepare = (who: TestUser, room: string, fields: object = SPEC) =>
  who.command(room, { type: 'prepare-poll', ...fields });

type Reader = Pick<TestUser, 'get'>;

async function list(who: Reader, room: string) {
  const answer = await who.get(`/rooms/${room}/prepared-polls`);
  const { polls = [] } = await answer.json();
  return polls as { id: number; question: string; minutes: number | null }[];
}

const questions = async (who: Reader, room: string) =>
  (await list(who, room)).map(({ question }) => question);

async function messages(who: TestUser, room: string) {
  const answer = await who.get(`/rooms/${room}/messages`, { Accept: 'application/json' });
  return (await answer.json()).messages.filter(({ type }: { type: string }) => type === 'poll');
}

async function openOwned() {
  const { port, room } = app.newRoom();
  const ada = await signIn(port, `Ada ${room}`);
  await ada.createRoom(room);
  const ben = await createGuest(port);
  return { port, room, ada, ben };
}

suite('A prepared poll', () => {
  test('is private to moderators; started, it is a poll, and prepared no more', async (t) => {
    const { room, ada, ben } = await openOwned();
    const watcher = await ben.live(t, room);
    for (const question of ['One?', 'Two?']) {
      assert.equal(await outcome(prepare(ada, room, { ...SPEC, question, minutes: 5 })), '200');
    }
    assert.deepEqual(await questions(ada, room), ['One?', 'Two?']);
    assert.equal(
      await outcome(ben.get(`/rooms/${room}/prepared-polls`, JSON_TYPE)),
      '403 polls-restricted',
    );
    assert.equal(await outcome(prepare(ben, room)), '403 polls-restricted');
    assert.deepEqual(await messages(ben, room), []);
    const before = Date.now();
    await ada.command(room, { type: 'start-prepared-poll' });
    const [poll] = await messages(ben, room);
    assert.equal(poll.question, 'One?');
    const closesAt = Date.parse(poll.closesAt);
    assert.ok(
      closesAt >= before + 300_000 && closesAt <= Date.now() + 300_000,
      'from the start on',
    );
    assert.deepEqual(await questions(ada, room), ['Two?']);
    assert.ok(!watcher.frames.join().includes('Two?'));
    assert.equal(
      await outcome(ada.command(room, { type: 'start-prepared-poll', id: 999 })),
      '404 no-such-poll',
    );
  });

  test('is edited, ordered and removed by its author and moderators, and by nobody else', async () => {
    const { port, room, ada, ben } = await openOwned();
    await ada.command(room, { type: 'set-poll-creators', creators: 'everyone' });
    for (const question of ['One?', 'Two?', 'Three?'])
      await prepare(ada, room, { ...SPEC, question });
    await prepare(ben, room, { ...SPEC, question: 'Mine?' });
    assert.deepEqual(await questions(ben, room), ['Mine?']);
    assert.deepEqual(await questions(ada, room), ['One?', 'Two?', 'Three?', 'Mine?']);
    const [one, two, , mine] = await list(ada, room);
    assert.ok(one && two && mine);
    for (const command of [
      { type: 'remove-prepared-poll', id: one.id },
      { type: 'move-prepared-poll', id: one.id, direction: 'down' },
      { type: 'start-prepared-poll', id: one.id },
      { type: 'prepare-poll', prepared: one.id, ...SPEC },
    ]) {
      assert.equal(await outcome(ben.command(room, command)), '404 no-such-poll');
    }
    await ada.command(room, { type: 'move-prepared-poll', id: two.id, direction: 'up' });
    await ada.command(room, { type: 'move-prepared-poll', id: two.id, direction: 'up' });
    await prepare(ada, room, { ...SPEC, prepared: one.id, question: 'First?' });
    await ada.command(room, { type: 'remove-prepared-poll', id: mine.id });
    assert.deepEqual(await questions(ada, room), ['Two?', 'First?', 'Three?']);
    const other = await signIn(port, `Cy ${room}`);
    assert.equal(
      await outcome(prepare(other, room, { ...SPEC, prepared: two.id })),
      '404 no-such-poll',
    );
    // Started from the form, with changes.
    await ada.command(room, {
      type: 'create-poll',
      ...SPEC,
      question: 'Changed?',
      prepared: two.id,
    });
    assert.deepEqual(await questions(ada, room), ['First?', 'Three?']);
  });

  test('is checked when it is saved, and there are at most 100 in a room', async () => {
    const { room, ada } = await openOwned();
    const code = (fields: object) => outcome(prepare(ada, room, fields));
    assert.equal(await code({ ...SPEC, question: '' }), '400 invalid-question');
    assert.equal(await code({ ...SPEC, options: ['a'] }), '400 invalid-options');
    assert.equal(await code({ ...SPEC, files: ['a'.repeat(32)] }), '404 no-such-file');
    for (let n = 0; n < 100; n += 1) await prepare(ada, room, { ...SPEC, question: `${n}` });
    assert.equal(await code(SPEC), '409 too-many-prepared-polls');
    assert.deepEqual(
      await questions(ada, room),
      Array.from({ length: 100 }, (_, n) => `${n}`),
    );
  });

  test('is there after a restart, and carried over when its author signs in', async (t) => {
    const data = temporaryFolder(t);
    const first = await openApp(t, { data });
    const guest = await createGuest(first.port);
    await prepare(guest, 'x');
    await guest.post('/session', { name: 'Ada', password: 'correct horse' });
    await first.close();
    const { port, url } = await openApp(t, { data });
    assert.deepEqual(await questions(await signedIn(url, 'Ada', 'correct horse'), 'x'), ['One?']);
    assert.deepEqual(await questions(await createGuest(port), 'x'), []);
  });

  test('is saved, edited, deleted and started by forms, without scripts', async () => {
    const { room, ada } = await openOwned();
    const path = `/rooms/${room}`;
    const send = async (fields: Record<string, string>) => {
      const answer = await ada.submit(`${path}/commands`, fields);
      return answer.status === 303 ? answer.headers.get('location') : answer.text();
    };
    const spec = {
      question: 'A & B?',
      options: 'a\r\nb',
      maxChoices: '2',
      resultsVisibility: 'after-vote',
    };
    assert.equal(
      await send({ type: 'prepare-poll', prepared: '', minutes: '7', showVoters: 'on', ...spec }),
      `${path}/new-poll`,
    );
    const page = await (await ada.get(`${path}/new-poll`, HTML)).text();
    const [, id = ''] = /new-poll\?prepared=(\d+)"/.exec(page) ?? [];
    assert.match(page, />A &amp; B\?<\/a>/);
    const form = await (await ada.get(`${path}/new-poll?prepared=${id}`, HTML)).text();
    for (const part of [
      `name="prepared" value="${id}"`,
      'name="question" value="A &amp; B?"',
      'name="options" value="b"',
      'name="maxChoices" min="1" max="20" value="2"',
      '<option value="after-vote" selected>',
      'value="7" placeholder',
      'name="showVoters" checked',
    ]) {
      assert.ok(form.includes(part), part);
    }
    assert.equal(
      await outcome(ada.get(`${path}/new-poll?prepared=1`, JSON_TYPE)),
      '404 no-such-poll',
    );
    assert.match(
      String(await send({ type: 'remove-prepared-poll', id })),
      /“A &amp; B\?” will be deleted/,
    );
    assert.deepEqual(await questions(ada, room), ['A & B?']);
    assert.equal(await send({ type: 'start-prepared-poll', id }), path);
    assert.deepEqual(await questions(ada, room), []);
  });
});
