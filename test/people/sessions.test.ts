import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { SqliteLog } from '../../server/log/sqlite.ts';
import { Keys } from '../../server/people/keys.ts';
import { Passphrases } from '../../server/people/passphrase.ts';
import { Sessions } from '../../server/people/sessions.ts';
import { openFolder } from '../../server/store/folder.ts';
import { Store } from '../../server/store/store.ts';
import { failOnError } from '../support/observer.ts';

const HOUR_MS = 60 * 60 * 1_000;

async function open(t: TestContext) {
  const store = await Store.open(openFolder(':memory:'), failOnError);
  t.after(() => store.close());
  const log = new SqliteLog(store, failOnError);
  const keys = new Keys(randomBytes(32));
  return {
    store,
    log,
    sessions: new Sessions({ store, log, keys, passphrases: new Passphrases() }),
  };
}

test('a session that ends while the store is asked for it is over', async (t) => {
  const { store, sessions } = await open(t);
  const { cookie, session } = await sessions.signIn('Ann', null);
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const ask = store.session.bind(store);
  t.mock.method(store, 'session', async (id: string) => {
    const answer = await ask(id);
    asked.resolve();
    await answered.promise;
    return answer;
  });
  const found = sessions.find(cookie);
  await asked.promise;
  await sessions.signOut(session.id);
  answered.resolve();
  assert.equal(await found, undefined);
  assert.equal(await sessions.find(cookie), undefined, 'nor is it remembered');
});

test('a session that ends while its use is noted is over', async (t) => {
  const { sessions } = await open(t);
  const { cookie, session } = await sessions.signIn('Ann', null);
  assert.equal((await sessions.find(cookie))?.name, 'Ann');
  const now = Date.now();
  t.mock.method(Date, 'now', () => now + 2 * HOUR_MS);
  const [, found] = await Promise.all([sessions.signOut(session.id), sessions.find(cookie)]);
  assert.equal(found, undefined);
});

test('a use that cannot be noted is noted the next time', async (t) => {
  const { log, sessions } = await open(t);
  const { cookie, session } = await sessions.signIn('Ann', null);
  const now = Date.now() + 2 * HOUR_MS;
  t.mock.method(Date, 'now', () => now);
  const append = t.mock.method(log, 'append', () => Promise.reject(new Error('The disk is full.')));
  assert.equal((await sessions.find(cookie))?.name, 'Ann');
  append.mock.restore();
  assert.equal((await sessions.find(cookie))?.seen, session.seen);
  assert.equal((await sessions.find(cookie))?.seen, now);
});
