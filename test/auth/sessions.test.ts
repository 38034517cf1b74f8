import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Keyring } from '../../server/auth/keyring.ts';
import { PasswordHasher } from '../../server/auth/password-hasher.ts';
import { Sessions } from '../../server/auth/sessions.ts';
import { ChatError } from '../../server/core/errors.ts';
import { GroupCommitLog } from '../../server/core/group-commit-log.ts';
import { appender } from '../../server/features/appender.ts';
import { openDatabase } from '../../server/features/schema.ts';
import { Store } from '../../server/features/store.ts';
import { openDataDir } from '../../server/storage/data-dir.ts';
import { failOnError, ignoreErrors } from '../support/observer.ts';
import { CHEAP_COST, temporaryFolder } from '../support/server.ts';

/** There is no limit to attempts in these tests. */
const free = () => ({ succeed() {}, cancel() {} });

const HOUR_MS = 60 * 60 * 1_000;

async function open(t: TestContext, data = ':memory:', observer = failOnError) {
  const folder = openDataDir(data);
  const store = await Store.open(folder, observer);
  t.after(async () => {
    await store.close();
    folder.release();
  });
  const log = new GroupCommitLog(store, failOnError);
  const keys = new Keyring(randomBytes(32));
  const sessions = new Sessions({
    queries: store.queries,
    log,
    keys,
    passwords: new PasswordHasher(CHEAP_COST),
  });
  log.onCommit((batch) => sessions.apply(batch));
  return { store, log, keys, sessions };
}

/** A folder in which users have signed in, some with a password, with any skeletons. */
async function folderWithNames(
  t: TestContext,
  names: readonly { key: string; name: string; password?: string }[],
) {
  const data = temporaryFolder(t);
  const db = openDatabase(join(data, 'chat.sqlite'));
  const append = appender(db);
  const passwords = new PasswordHasher(CHEAP_COST);
  for (const { key, name, password } of names) {
    const passwordHash = password === undefined ? null : await passwords.hash(password);
    const session = createHash('sha256').update(name).digest('base64url');
    const signedIn = {
      uid: `uid of ${name}`,
      session,
      passwordHash,
      verifiedHash: null,
      at: Date.now(),
    };
    append([{ kind: 'signed-in', guest: null, name, nameSkeleton: key, ...signedIn }]);
  }
  db.close();
  return data;
}

const refuses = (attempt: Promise<unknown>, code: string) =>
  assert.rejects(attempt, (error) => error instanceof ChatError && error.code === code);

test('A session that ends while the store looks it up has ended.', async (t) => {
  const { store, sessions } = await open(t);
  const { cookie, session } = await sessions.signIn('Ann', null, free);
  const called = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const original = store.queries.session;
  t.mock.method(store.queries, 'session', async (id: string) => {
    const session = await original(id);
    called.resolve();
    await released.promise;
    return session;
  });
  const found = sessions.find(cookie);
  await called.promise;
  await sessions.signOut(session.id);
  released.resolve();
  assert.equal(await found, undefined);
  assert.equal(await sessions.find(cookie), undefined, 'it is not cached');
});

test('A session that ends while it is touched has ended.', async (t) => {
  const { sessions } = await open(t);
  const { cookie, session } = await sessions.signIn('Ann', null, free);
  assert.equal((await sessions.find(cookie))?.name, 'Ann');
  const now = Date.now();
  t.mock.method(Date, 'now', () => now + 2 * HOUR_MS);
  const [, found] = await Promise.all([sessions.signOut(session.id), sessions.find(cookie)]);
  assert.equal(found, undefined);
});

test('A touch that cannot be written is written the next time.', async (t) => {
  const { log, sessions } = await open(t);
  const { cookie, session } = await sessions.signIn('Ann', null, free);
  const now = Date.now() + 2 * HOUR_MS;
  t.mock.method(Date, 'now', () => now);
  const append = t.mock.method(log, 'append', () => Promise.reject(new Error('The disk is full.')));
  assert.equal((await sessions.find(cookie))?.name, 'Ann');
  append.mock.restore();
  assert.equal((await sessions.find(cookie))?.seen, session.seen);
  assert.equal((await sessions.find(cookie))?.seen, now);
});

test('Two names reserved before they counted as look-alikes keep their own passwords.', async (t) => {
  const data = await folderWithNames(t, [
    { key: 'clara', name: 'Clara', password: 'the first password' },
    { key: 'clara uid of Dara', name: 'Dara', password: 'the second password' },
  ]);
  const { sessions } = await open(t, data, ignoreErrors);
  const clara = await sessions.signIn('CLARA', 'the first password', free);
  assert.deepEqual([clara.session.name, clara.session.uid], ['Clara', 'uid of Clara']);
  const dara = await sessions.signIn('dara', 'the second password', free);
  assert.deepEqual([dara.session.name, dara.session.uid], ['Dara', 'uid of Dara']);
  for (const [name, password] of [
    ['Clara', 'the second password'],
    ['Dara', 'the first password'],
    ['D\u0430ra', 'the second password'],
    ['D\u0430ra', null],
    ['Dara', null],
    ['C-lara', null],
  ] as const) {
    await refuses(sessions.signIn(name, password, free), 'wrong-user-password');
  }
});

test('A reserved name that already has an owner stays usable by them, and by nobody else.', async (t) => {
  const data = await folderWithNames(t, [
    { key: 'aclrnln', name: 'Admin', password: 'correct horse' },
    { key: 'rnocl', name: 'Mod' },
  ]);
  const { sessions, keys } = await open(t, data, ignoreErrors);
  assert.equal((await sessions.signIn('Admin', 'correct horse', free)).session.uid, 'uid of Admin');
  await refuses(sessions.signIn('Admin', 'a wrong password', free), 'wrong-user-password');
  await refuses(sessions.signIn('Moderator', 'correct horse', free), 'reserved-name');
  const session = await sessions.find(`Mod.${keys.sign('session Mod')}`);
  assert.equal(session?.name, 'Mod', 'until they sign out');
  await refuses(sessions.changePassword(session?.id ?? '', 'correct horse'), 'reserved-name');
  await sessions.signOut(session?.id ?? '');
  await refuses(sessions.signIn('Mod', null, free), 'reserved-name');
});
