import assert from 'node:assert/strict';
import { beforeEach, suite, type TestContext, test } from 'node:test';
import { giveToUser, lastRead, markRead } from '../../static/client/room/unread/last-read.ts';
import { ReadPosition } from '../../static/client/room/unread/read-position.ts';
import { ReadReports } from '../../static/client/room/unread/read-reports.ts';
import { openStorages } from '../support/storage.ts';

const storages = openStorages();
beforeEach(() => storages.local.clear());

/** Reports, and what was sent; the server can be out of reach. */
function openReports(t: TestContext, storedId = 0) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const sent: number[] = [];
  const server = { isReached: true };
  const send = async (id: number) => {
    sent.push(id);
    return server.isReached;
  };
  return {
    reports: new ReadReports({ send, storedId }),
    sent,
    server,
    tick: t.mock.timers.tick.bind(t.mock.timers),
  };
}

suite('The read position of a signed-in user is reported', () => {
  test('at once, and then every two seconds, however fast they read, if it is new', (t) => {
    const { reports, sent, tick } = openReports(t, 3);
    reports.report(3);
    assert.deepEqual(sent, []);
    for (let id = 4; id <= 50; id += 1) reports.report(id);
    assert.deepEqual(sent, [4]);
    tick(1_999);
    assert.deepEqual(sent, [4]);
    tick(1);
    assert.deepEqual(sent, [4, 50]);
    reports.report(50);
    tick(10_000);
    assert.deepEqual(sent, [4, 50]);
    reports.report(51);
    assert.deepEqual(sent, [4, 50, 51]);
  });

  test('at once when the page ends', (t) => {
    const { reports, sent, tick } = openReports(t);
    reports.report(7);
    reports.report(8);
    reports.flush();
    reports.flush();
    tick(10_000);
    assert.deepEqual(sent, [7, 8]);
  });

  test('again if the server was not reached, and not if another device has', async (t) => {
    const { reports, sent, server, tick } = openReports(t);
    server.isReached = false;
    reports.report(7);
    await Promise.resolve();
    server.isReached = true;
    tick(2_000);
    assert.deepEqual(sent, [7, 7]);
    await Promise.resolve();
    tick(2_000);
    reports.stored(9);
    reports.report(9);
    tick(2_000);
    assert.deepEqual(sent, [7, 7]);
  });
});

suite('The read position in the browser', () => {
  test('of a user is not a guest’s, nor that of another user', () => {
    markRead('class', 5, 'ada');
    assert.deepEqual(
      [lastRead('class', 'ada'), lastRead('class'), lastRead('class', 'bob')],
      [5, undefined, undefined],
    );
    markRead('class', 2, 'bob');
    assert.deepEqual([lastRead('class', 'ada'), lastRead('class', 'bob')], [undefined, 2]);
  });

  test('of a guest is the user’s after signing in, if it is the higher', () => {
    markRead('class', 5);
    assert.equal(lastRead('class', 'ada'), 5);
    markRead('class', 9, 'ada');
    assert.equal(lastRead('class', 'ada'), 9);
    markRead('club', 3);
    giveToUser('ada');
    assert.deepEqual([lastRead('club'), lastRead('club', 'ada')], [undefined, 3]);
    assert.deepEqual([lastRead('class'), lastRead('class', 'ada')], [undefined, 9]);
  });

  test('is the higher of what the server and the browser have, and follows other devices', () => {
    markRead('class', 5, 'ada');
    const uid = () => 'ada';
    assert.equal(new ReadPosition('class', 90, uid, 7).lastId, 7);
    const position = new ReadPosition('class', 90, uid, 3);
    assert.equal(position.lastId, 5);
    position.advance(8);
    assert.deepEqual([position.lastId, lastRead('class', 'ada')], [8, 8]);
    position.advance(6);
    assert.equal(position.lastId, 8);
    assert.equal(new ReadPosition('other', 90, uid).lastId, 90, 'a first visit');
  });
});
