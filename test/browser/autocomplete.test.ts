import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/chat.ts';
import {
  createRoom,
  enterPassword,
  navigate,
  openNewPoll,
  openPage,
  post,
  signIn,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { openApp } from '../support/server.ts';

interface Field {
  readonly name: string;
  /** As the field says it, or else its form. */
  readonly autocomplete: string;
}

/**
 * What browsers may fill in. Everywhere else it is `off`: Firefox would bring back what stood there before a
 * reload, as though it were in effect, and others would offer names and addresses of the user.
 */
const FILLED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'sign-in': { name: 'username', password: 'current-password' },
  own: { password: 'new-password' },
  account: { username: 'username', password: 'new-password' },
  // What somebody is writing is theirs, and may come back.
  ask: {
    ...{ kind: '', question: '', options: '', maxChoices: '', resultsVisibility: '' },
    ...{ minutes: '', finalVotes: '', showVoters: '', needsApproval: '' },
  },
  room: { 'guest-name': 'nickname' },
  reply: { message: '' },
};

/** A field in a template, and its name. */
const NAME = /<(?:input|select|textarea)\b(?:<%.*?%>|[^>])*? name="(\w+)"/gs;

test('Each field of each form says whether the browser may fill it in, and with what', async (t) => {
  const { url, ownerPath = '' } = await openApp(t, {
    moderatorKey: 'a long enough key',
    serverPassword: 'open sesame',
  });
  const page = await openPage(t, `${url}/sign-in?next=/rooms`);
  const seen = new Set<string>();
  const look = async (what: string, within = 'body') => {
    const fields = await page.locator(within).evaluateAll((roots): Field[] =>
      roots
        .flatMap((one) => [...one.querySelectorAll<HTMLInputElement>('input, select, textarea')])
        .filter(({ type }) => type !== 'hidden' && type !== 'file')
        // Those that scripts make come back as they are made.
        .filter(({ name, id }) => name || id)
        .map((field) => {
          const own = field.getAttribute('autocomplete');
          const { name, id, form } = field;
          return { name: name || id, autocomplete: own ?? form?.autocomplete ?? '' };
        }),
    );
    assert.ok(fields.length > 0, `${what}: there are no fields`);
    for (const { name, autocomplete } of fields) {
      seen.add(name);
      const expected = FILLED[what]?.[name] ?? 'off';
      // A form that says nothing is `on`.
      assert.equal(autocomplete === 'on' ? '' : autocomplete, expected, `${what}: ${name}`);
    }
  };
  await look('password of the server');
  await page.fill('[name=password]', 'open sesame');
  await navigate(page, () => page.press('[name=password]', 'Enter'));
  await look('sign-in');
  await signIn(page, 'Ada');
  await look('rooms');
  await createRoom(page, { title: 'class', password: 'sesame' });
  await waitForState(page, 'live');
  await post(page, '/words "How is it?"');
  await page.locator('.poll [name=suggestion]').waitFor();
  await openNewPoll(page);
  await page.locator('#poll-dialog [name=question]').waitFor();
  await look('ask', '#poll-dialog');
  await page.keyboard.press('Escape');
  await page.locator('#poll-form').evaluate((form) => form.remove());
  await page.evaluate(async () => {
    const form = new URLSearchParams({
      type: 'create-poll',
      question: 'Tea?',
      options: 'a\nb\nc',
      maxChoices: '2',
    });
    const headers = { Accept: 'application/json' };
    await fetch('/rooms/class/commands', { method: 'POST', body: form, headers });
  });
  const prepared = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    const image = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
    const send = async (path: string, body: BodyInit | null, type: string) => {
      const headers = { Accept: 'application/json', 'Content-Type': type };
      const answer = await fetch(`/rooms/class/${path}`, { method: 'POST', body, headers });
      return answer.json();
    };
    const { file } = await send('files?name=x.png', image, 'image/png');
    const poll = { question: 'Cats?', options: ['a', 'b'], files: [file.id] };
    await send('commands', JSON.stringify({ type: 'prepare-poll', ...poll }), 'application/json');
    const { polls } = await (await fetch('/rooms/class/prepared-polls')).json();
    return polls[0].id;
  });
  await page.locator('.poll [name=options]').first().waitFor({ state: 'attached' });
  await look('room');
  await post(page, 'hello');
  await waitForMessage(page, 'hello');
  const id = await page.locator('.message:not(.poll)').last().getAttribute('id');
  const guest = await openPage(t, `${url}/rooms/class`);
  for (const password of ['open sesame', 'sesame']) await enterPassword(guest, password);
  await waitForState(guest, 'live');
  // Only a user who is in the room can become its owner.
  await page.waitForFunction(() => document.querySelectorAll('#people-list .member').length > 1);
  for (const [what, path, within] of [
    ['account', '/sign-in', undefined],
    ['settings', '/rooms/class/settings', undefined],
    ['search', '/rooms/class/search', undefined],
    ['ask', '/rooms/class/new-poll', undefined],
    ['prepared', `/rooms/class/new-poll?prepared=${prepared}`, '.kept-image'],
    ['reply', `/rooms/class/messages/${id?.slice(2)}`, 'form:has([name=reply])'],
    ['message', `/rooms/class/messages/${id?.slice(2)}`, 'form:not(:has([name=reply]))'],
  ] as const) {
    await page.goto(url + path);
    await look(what, within);
  }
  await page.goto(url + ownerPath);
  await look('own');
  await page.fill('[name=password]', 'correct horse battery');
  await navigate(page, () => page.press('[name=password]', 'Enter'));
  for (const path of ['people', 'settings']) {
    await page.goto(`${url}/admin/${path}`);
    await look('admin', 'main');
  }
  const folder = join(root, 'templates');
  const files = (await readdir(folder, { recursive: true })).filter((file) => /\.html$/.test(file));
  const sources = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const fields = sources.flatMap((source) => [...source.matchAll(NAME)]);
  const names = fields.filter(([tag]) => !/type="(hidden|file)"/.test(tag)).map(([, name]) => name);
  assert.deepEqual(
    [...new Set(names)].filter((name) => !seen.has(name ?? '')),
    [],
  );
});
