import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { run as printOwnerLink } from '../../../server/commands/owner.ts';
import { becomeOwner } from '../../support/owner.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';
import { createGuest, outcome, signIn, TestUser } from '../../support/test-user.ts';

const PASSWORD = 'correct horse';

suite('The owner link', () => {
  test('makes a user who confirms it the owner, once.', async (t) => {
    const { port, ownerPath = '' } = await openApp(t);
    const browser = new TestUser(port, '', {});
    const page = await (await browser.get(ownerPath)).text();
    assert.match(page, /name="name".*name="password"/s);
    const owner = await becomeOwner(port, ownerPath);
    const guest = await createGuest(port);
    await guest.postMessage('class', 'hello');
    assert.equal(
      await outcome(owner.command('class', { type: 'set-locked', enabled: true })),
      '200',
    );
    assert.equal(await outcome(owner.post(ownerPath, {})), '404 invalid-owner-link');
    assert.match(await (await owner.get('/settings')).text(), /You own this server/);
  });

  test('refuses another token, and names without a password.', async (t) => {
    const { port, ownerPath = '' } = await openApp(t);
    const user = await signIn(port, 'Bob');
    assert.equal(
      await outcome(user.post('/own/AAAAAAAAAAAAAAAAAAAAAA', {})),
      '404 invalid-owner-link',
    );
    assert.equal((await user.get('/own/x')).status, 404);
    assert.equal(await outcome(user.post(ownerPath, {})), '409 owner-needs-password');
    assert.equal(
      await outcome(user.post(ownerPath, { password: 'short' })),
      '400 invalid-user-password',
    );
    const form = await user.submit(ownerPath, {});
    assert.equal(form.status, 409);
    assert.match(await form.text(), /needs a name with a password.*name="password"/s);
    assert.equal((await user.post(ownerPath, { password: PASSWORD })).status, 200);
  });

  test('makes one of two users who open it at once the owner.', async (t) => {
    const { port, ownerPath = '' } = await openApp(t);
    const [ann, bob] = await Promise.all(['Ann', 'Bob'].map((name) => signIn(port, name)));
    const answers = await Promise.all(
      [ann, bob].map((user) => user?.post(ownerPath, { password: PASSWORD })),
    );
    const statuses = answers.map((answer) => answer?.status).sort();
    assert.deepEqual(statuses, [200, 404]);
  });

  test('is another one after each start, until somebody owns the server.', async (t) => {
    const data = temporaryFolder(t);
    const first = await openApp(t, { data });
    await first.close();
    const file = join(data, 'owner-link');
    assert.equal(readFileSync(file, 'utf8').includes(first.ownerPath?.slice(5) ?? ''), false);
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
    const second = await openApp(t, { data });
    assert.notEqual(second.ownerPath, first.ownerPath);
    const browser = new TestUser(second.port, '', {});
    assert.equal((await browser.get(first.ownerPath ?? '')).status, 404);
    const owner = await becomeOwner(second.port, second.ownerPath);
    await second.close();
    const third = await openApp(t, { data });
    assert.equal(third.ownerPath, undefined);
    const again = new TestUser(third.port, owner.uid, owner.headers);
    assert.match(await (await again.get('/settings')).text(), /You own this server/);
  });

  test('of `typhoon owner` replaces the owner, whose sessions end.', async (t) => {
    const data = temporaryFolder(t);
    const { port, ownerPath = '' } = await openApp(t, { data });
    const browser = new TestUser(port, '', {});
    const before = await becomeOwner(port, ownerPath);
    const socket = await before.live(t, 'class');
    const log = t.mock.method(console, 'log', () => {});
    await printOwnerLink(['--data', data, '--public-url', 'https://chat.example/'], {});
    const printed = String(log.mock.calls[0]?.arguments[0]);
    log.mock.restore();
    const [, path = ''] = /https:\/\/chat\.example(\/own\/\S+)$/.exec(printed) ?? [];
    await becomeOwner(port, path, 'Bob');
    assert.equal(await socket.closed, 1008);
    assert.equal(
      await outcome(before.post('/session/password', { password: PASSWORD })),
      '401 session-expired',
    );
    assert.equal((await browser.get(path)).status, 404);
  });
});
