import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import type { NotificationLevel } from '../../server/shared/notification-levels.ts';
import type { Permission } from '../../static/client/lib/allowed.ts';
import { writeLocal } from '../../static/client/lib/storage.ts';
import { RoomLevel } from '../../static/client/room/notifications/room-level.ts';
import { openStorages } from '../support/storage.ts';

const storages = openStorages();
beforeEach(() => storages.local.clear());

interface User {
  uid?: string;
  name?: string;
}

/** The level of a room, and what the browser, the user and the server do. */
function open({ room = 'class', user = {} as User } = {}) {
  const browser = { permission: 'granted' as Permission, answer: 'granted' as Permission };
  const page = { user, asked: 0, shown: 0, isRefused: false, isRejected: false };
  const stored: NotificationLevel[] = [];
  const level = new RoomLevel({
    room,
    user: () => page.user,
    permission: () => browser.permission,
    requestPermission() {
      page.asked += 1;
      browser.permission = browser.answer;
      return Promise.resolve(browser.permission);
    },
    confirm() {
      if (page.isRefused) return undefined;
      page.shown += 1;
      return {
        close() {
          page.shown -= 1;
        },
      };
    },
    async store(chosen) {
      if (!page.isRejected) stored.push(chosen);
      return !page.isRejected;
    },
  });
  return { level, browser, page, stored };
}

suite('The notification level of a room', () => {
  test('is a guest’s choice in this browser, for that room alone', async () => {
    const { level, page, stored } = open();
    await level.choose('all');
    assert.deepEqual([level.shown, level.effective, level.note], ['all', 'all', undefined]);
    assert.deepEqual([page.asked, page.shown, stored.length], [1, 1, 0]);
    assert.equal(open().level.chosen, 'all', 'another tab has it');
    assert.equal(open({ room: 'other' }).level.chosen, undefined);
    await level.choose('none');
    assert.deepEqual([open().level.effective, page.asked], ['none', 1], 'Off needs no permission');
  });

  test('is by default what this browser had for all rooms, or mentions, once it is allowed', () => {
    assert.equal(open().level.effective, 'mentions');
    writeLocal('notify', 'all');
    const { level, browser } = open();
    assert.deepEqual([level.shown, level.effective], ['all', 'all']);
    browser.permission = 'default';
    assert.deepEqual([level.shown, level.effective, level.note], ['none', 'none', undefined]);
    for (const broken of ['every', 7, { all: 1 }]) {
      writeLocal('notify', broken);
      assert.equal(open().level.effective, 'mentions');
    }
  });

  test('is stored on the server for a signed-in user, and follows their other devices', async () => {
    const { level, page, stored } = open({ user: { uid: 'ada', name: 'Ada' } });
    level.onStored(undefined);
    await level.choose('mentions');
    assert.deepEqual([stored, level.chosen], [['mentions'], 'mentions']);
    level.onStored('all');
    assert.equal(level.effective, 'all');
    assert.equal(storages.local.getItem('typhoon.notify-rooms'), null);
    page.user = { uid: 'bob', name: 'Bob' };
    assert.equal(level.chosen, undefined, 'another user');
    page.user = {};
    level.onStored('all');
    assert.equal(level.chosen, undefined, 'a guest');
  });

  test('that a guest chose is theirs after signing in, until they choose again', async () => {
    await open().level.choose('all');
    const { level } = open({ user: { uid: 'ada', name: 'Ada' } });
    assert.equal(level.chosen, 'all');
    level.onStored('none');
    assert.equal(level.effective, 'none');
  });

  test('stays as it is where the browser does not allow notifications, and a note says why', async () => {
    for (const [answer, note] of [
      ['denied', 'notify-denied'],
      ['default', 'notify-unasked'],
      ['insecure', 'notify-insecure'],
      ['unsupported', 'notify-unsupported'],
    ] as const) {
      const { level, browser, page, stored } = open({ user: { uid: 'ada', name: 'Ada' } });
      browser.permission = 'default';
      browser.answer = answer;
      await level.choose('all');
      assert.deepEqual([level.note, level.shown, stored, page.shown], [note, 'none', [], 0]);
      level.onStored('all');
      assert.deepEqual([level.shown, level.effective, level.note], ['all', 'none', note]);
      await level.choose('none');
      assert.deepEqual([level.note, stored], [undefined, ['none']]);
    }
  });

  test('stays as it is if the browser has the feature and refuses it, or the server rejects it', async () => {
    const refusing = open();
    refusing.page.isRefused = true;
    await refusing.level.choose('all');
    assert.deepEqual(
      [refusing.level.note, refusing.level.chosen, refusing.level.effective],
      ['notify-unsupported', undefined, 'none'],
    );
    const { level, page } = open({ user: { uid: 'ada', name: 'Ada' } });
    page.isRejected = true;
    await level.choose('all');
    assert.deepEqual([level.chosen, page.shown], [undefined, 0], 'nothing says that it is on');
  });

  test('of mentions needs a name', async () => {
    const { level, page } = open();
    await level.choose('mentions');
    assert.equal(level.note, 'notify-needs-name');
    page.user = { uid: 'ada', name: 'Ada' };
    assert.equal(level.note, undefined);
  });

  test('is offered while the browser has not been asked, unless the user chose Off', async () => {
    const { level, browser } = open();
    assert.equal(level.canOffer, false);
    browser.permission = 'default';
    assert.equal(level.canOffer, true);
    await level.choose('none');
    assert.equal(level.canOffer, false);
    writeLocal('notify', 'none');
    const other = open({ room: 'other' });
    other.browser.permission = 'default';
    assert.equal(other.level.canOffer, false);
    other.browser.permission = 'denied';
    assert.equal(other.level.canOffer, false);
  });
});
