import assert from 'node:assert/strict';
import { join as joinPath } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { listRoomSpellings } from '../../../server/features/migrations/room-spellings.ts';
import { MIGRATIONS } from '../../../server/features/schema.ts';
import { toRoomName } from '../../../server/shared/room-name.ts';
import { APPLICATION_ID, runMigrations } from '../../../server/storage/migrate.ts';
import { join } from '../../support/client.ts';
import { openApp, suiteApp, temporaryFolder } from '../../support/server.ts';
import { signedIn, TestBrowser } from '../../support/test-browser.ts';

const page = { Accept: 'text/html' };

suite('The address of a room', () => {
  const app = suiteApp();

  for (const [from, to] of [
    ['/rooms/Biology-7B', '/rooms/biology-7b'],
    ['/rooms/Biology-7B?at=1&lang=zh', '/rooms/biology-7b?at=1&lang=zh'],
    ['/rooms/Biology-7B/present', '/rooms/biology-7b/present'],
    ['/rooms/%E7%94%9F%E7%89%A9A/search?q=A', '/rooms/%E7%94%9F%E7%89%A9a/search?q=A'],
  ] as const) {
    test(`redirects a browser from ${from}`, async () => {
      const answer = await fetch(app.url + from, { headers: page, redirect: 'manual' });
      assert.equal(answer.status, 308);
      assert.equal(answer.headers.get('location'), to);
      const form = await fetch(app.url + from, {
        method: 'POST',
        headers: page,
        redirect: 'manual',
      });
      assert.notEqual(form.status, 308, 'a form is not redirected');
    });
  }

  test('leads sockets, streams and requests in any spelling to one room', async (t) => {
    const { port, url } = app;
    const tornado = await join(t, port, '/chat?room=Chemistry');
    const live = await join(t, port, '/rooms/CHEMISTRY/live?after=0.0');
    const browser = new TestBrowser(url);
    const posted = await browser.post('/rooms/cHEMISTRY/messages', { message: 'one room' });
    assert.equal(posted.status, 201);
    for (const client of [tornado, live]) {
      await client.until((frames) => frames.some((frame) => frame.includes('one room')));
    }
    const read = await browser.get('/rooms/Chemistry/messages', { Accept: 'application/json' });
    assert.equal((await read.json()).messages.length, 1);
  });
});

suite('A new room', () => {
  const app = suiteApp();

  test('has the address that its title gives, and its title wherever it is shown', async () => {
    const ada = await signedIn(app.url, 'Ada');
    const answer = await ada.submit('/rooms', {
      title: ' Biology  7B 🌱',
      topic: 'x',
      listed: 'on',
    });
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get('location'), '/rooms/biology-7b');
    for (const path of ['', '/present', '/search', '/settings', '/new-poll', '/plain']) {
      const html = await (await ada.get(`/rooms/biology-7b${path}`, page)).text();
      assert.match(html, /<title>[^<]*Biology 7B 🌱|<h1>.*Biology 7B 🌱/, path);
    }
    assert.match(await (await ada.get('/rooms', page)).text(), /<bdi>Biology 7B 🌱<\/bdi>/);
    const { rooms } = await (await ada.get('/rooms', { Accept: 'application/json' })).json();
    assert.deepEqual(
      rooms.map(({ name, title }: { name: string; title: string }) => [name, title]),
      [['biology-7b', 'Biology 7B 🌱']],
    );
    await ada.post('/rooms/biology-7b/commands', {
      ...{ type: 'create-poll', question: 'Which?', options: ['a', 'b'] },
    });
    const { messages } = await (
      await ada.get('/rooms/biology-7b/messages', { Accept: 'application/json' })
    ).json();
    const poll = messages.at(-1).id;
    const file = await ada.get(`/rooms/biology-7b/polls/${poll}.json`);
    assert.equal((await file.json()).room, 'Biology 7B 🌱');
  });

  test('is created by its name alone, as programs did before there were titles', async () => {
    const ben = await signedIn(app.url, 'Ben');
    const answer = await ben.post('/rooms', { name: 'Chess-Club' });
    assert.equal(answer.status, 201);
    assert.deepEqual(await answer.json(), { name: 'chess-club', title: 'Chess-Club' });
    const named = await ben.post('/rooms', { name: 'go', title: 'Go & Weiqi' });
    assert.deepEqual(await named.json(), { name: 'go', title: 'Go & Weiqi' });
  });

  for (const [what, fields, status, field, sentence] of [
    ['a title that is too long', { title: 'x'.repeat(81) }, 400, 'title', /1 to 80 characters/],
    ['no title', { title: ' ' }, 400, 'title', /1 to 80 characters/],
    ['an invisible title', { title: '\u200b' }, 400, 'title', /1 to 80 characters/],
    ['a title of two lines', { title: 'a\u0000b' }, 400, 'title', /1 to 80 characters/],
    ['a title in use', { title: 'LOBBY' }, 409, 'title', /already exists/],
    ['a long topic', { title: 'Good', topic: 'x'.repeat(201) }, 400, 'topic', /200 characters/],
    ['a long password', { title: 'Good', password: 'x'.repeat(101) }, 400, 'password', /100/],
  ] as const) {
    test(`is refused with ${what}, and the form comes back filled in`, async () => {
      const cy = await signedIn(app.url, `Cy ${what}`.slice(0, 30));
      const standard = { title: 'Good', topic: 'Light & <waves>', password: 'tulip' };
      const all = { ...standard, ...fields };
      const answer = await cy.submit('/rooms', all);
      assert.equal(answer.status, status);
      const html = await answer.text();
      const [form = ''] = /<form [^>]*method="post" action="\/rooms".*?<\/form>/s.exec(html) ?? [];
      for (const [name, value] of Object.entries(all)) {
        const [, shown = ''] = new RegExp(`name="${name}" value="([^"]*)"`).exec(form) ?? [];
        assert.equal(
          shown,
          value.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;'),
          name,
        );
      }
      assert.ok(!/name="listed" checked/.test(form), 'what was not checked is not');
      assert.match(
        form,
        new RegExp(`name="${field}"[^>]*aria-invalid="true" aria-describedby="wrong-${field}"`),
      );
      assert.match(/id="wrong-[^>]*>([^<]*)/.exec(form)?.[1] ?? '', sentence);
      assert.ok(
        !html.includes(`href="/rooms/${toRoomName(all.title)}"`),
        'nothing leads elsewhere',
      );
    });
  }

  test('is 80 characters long as a reader counts them', async () => {
    const dot = await signedIn(app.url, 'Dot');
    const title = '👍🏽'.repeat(80);
    assert.equal((await dot.post('/rooms', { title })).status, 201);
    assert.equal((await dot.post('/rooms', { title: `${title}!` })).status, 400);
    assert.equal(
      (await dot.post('/rooms', { title: 'é'.normalize('NFD').repeat(80) })).status,
      201,
    );
  });

  test('is refused to a guest by a page that keeps what was typed', async () => {
    const answer = await new TestBrowser(app.url).submit('/rooms', { title: 'Typed already' });
    assert.equal(answer.status, 401);
    const html = await answer.text();
    assert.match(html, /value="Typed already"/);
    assert.match(html, /href="\/sign-in\?next=\/rooms"/);
  });

  test('is renamed by its owner alone, at the same address', async () => {
    const eve = await signedIn(app.url, 'Eve');
    assert.equal((await eve.post('/rooms', { title: 'Maths' })).status, 201);
    const rename = { type: 'set-title', title: 'Algebra' };
    assert.equal(
      (await (await signedIn(app.url, 'Fay')).post('/rooms/maths/commands', rename)).status,
      403,
    );
    for (const title of ['', 'x'.repeat(81)]) {
      assert.equal((await eve.post('/rooms/maths/commands', { ...rename, title })).status, 400);
    }
    assert.equal((await eve.post('/rooms/maths/commands', rename)).status, 200);
    assert.match(await (await eve.get('/rooms/maths', page)).text(), /<title>Algebra · Typhoon/);
  });
});

test('A refused request to an invalid address has no link to a room with a similar name', async (t) => {
  const { url } = await openApp(t);
  const path = '/rooms/our%20class/messages';
  const form = await fetch(url + path, {
    method: 'POST',
    headers: page,
    body: new URLSearchParams({ message: 'x' }),
  });
  assert.equal(form.status, 404);
  assert.ok(!(await form.text()).includes('our-class'));
  assert.match(
    await (await fetch(`${url}/rooms/our%20class`, { headers: page })).text(),
    /our-class/,
  );
});

test('The field for a room opens the room that is meant', async (t) => {
  const { url } = await openApp(t);
  const answer = await fetch(`${url}/rooms?name=Our+Class`, { redirect: 'manual' });
  assert.equal(answer.headers.get('location'), '/rooms/our-class');
});

test('Rooms from when names differed by case are reached by all spellings, each with its own history', async (t) => {
  const data = temporaryFolder(t);
  const db = new DatabaseSync(joinPath(data, 'chat.sqlite'));
  const version = MIGRATIONS.indexOf(listRoomSpellings);
  runMigrations(db, MIGRATIONS.slice(0, version));
  db.exec(`INSERT INTO log VALUES ('epoch');
    PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version}`);
  const insert = db.prepare(
    "INSERT INTO messages (id, seq, room, kind, uid, body, at) VALUES (?1, ?1, ?2, 'message', 'a', ?2, 0)",
  );
  ['Bio', 'bio', 'Chem'].forEach((room, index) => {
    db.prepare("INSERT INTO rooms VALUES (?, '{}', 1, 0)").run(room);
    db.prepare("INSERT INTO events VALUES (?, 'message-posted', ?, 'a', 0)").run(index + 1, room);
    insert.run(index + 1, room);
  });
  db.close();
  const { url } = await openApp(t, { data });
  const bodyAt = async (path: string) => {
    const answer = await fetch(`${url}${path}/messages`, {
      headers: { Accept: 'application/json' },
    });
    return (await answer.json()).messages[0]?.body;
  };
  for (const [address, name] of [
    ['Bio', 'Bio'],
    ['bio', 'bio'],
    ['BIO', 'bio'],
    ['Chem', 'Chem'],
    ['chem', 'Chem'],
    ['CHEM', 'Chem'],
  ] as const) {
    assert.equal(await bodyAt(`/rooms/${address}`), name, address);
    const { status, headers } = await fetch(`${url}/rooms/${address}`, {
      headers: page,
      redirect: 'manual',
    });
    assert.equal(status, address === name ? 200 : 308, address);
    if (status === 308) assert.equal(headers.get('location'), `/rooms/${name}`);
  }
});
