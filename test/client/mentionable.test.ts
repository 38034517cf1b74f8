import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { MentionableUsers } from '../../static/client/room/mentionable.ts';

function openUsers(t: TestContext, fetch: () => Promise<readonly string[]>) {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const online = () => ['Bob', '小明'];
  const users = new MentionableUsers({ online, ownName: () => 'Ada', fetch });
  const names = async () =>
    (await users.all()).map(({ name, isAway }) => (isAway ? `${name}, away` : name));
  const pass = (ms: number) => {
    now += ms;
  };
  return { names, pass };
}

suite('Whom a message can mention', () => {
  test('is who is online, then all others who wrote in the room, but not the user', async (t) => {
    const { names } = openUsers(t, async () => ['ADA', 'bob', 'Cyrus', '小明', '张三']);
    assert.deepEqual(await names(), ['Bob', '小明', 'Cyrus, away', '张三, away']);
  });

  test('is requested once a minute, however many mentions are typed', async (t) => {
    let requests = 0;
    const { names, pass } = openUsers(t, async () => {
      requests += 1;
      return [`writer ${requests}`];
    });
    await names();
    await names();
    assert.equal(requests, 1);
    pass(60_001);
    assert.deepEqual(await names(), ['Bob', '小明', 'writer 2, away']);
  });

  test('is who is online while the server is not reached', async (t) => {
    const { names } = openUsers(t, () => Promise.reject(new Error('offline')));
    assert.deepEqual(await names(), ['Bob', '小明']);
  });
});
