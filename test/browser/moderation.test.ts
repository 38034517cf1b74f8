import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  becomes,
  confirm,
  deleteMessage,
  memberEntry,
  navigate,
  openMenu,
  openPage,
  openPageAs,
  openRoomMenu,
  post,
  receivedMessages,
  setTransport,
  signIn,
  waitForMembers,
  waitForMessage,
  waitForState,
  waitForSystemMessage,
} from '../support/browser.ts';
import { accessibilityViolations } from '../support/layout.ts';
import { openApp } from '../support/server.ts';
import { signedIn } from '../support/test-browser.ts';

const WAYS = ['websocket', 'sse', 'long-polling', 'polling'] as const;

/** A room that Ada has made, and in which Bob is, too, each in a browser of their own. */
async function openRoom(t: TestContext) {
  const { url } = await openApp(t);
  const room = `${url}/rooms/class`;
  const owner = await signedIn(url, 'Ada');
  await owner.post('/rooms', { title: 'class' });
  const ada = await openPageAs(t, room, owner);
  const bob = await openPageAs(t, room, await signedIn(url, 'Bob'));
  await Promise.all([ada, bob].map((page) => waitForMembers(page, 'Ada', 'Bob')));
  return { url, room, ada, bob };
}

/** Chooses an action in the menu of a user. */
async function moderate(page: Page, name: string, action: string): Promise<void> {
  await memberEntry(page, name).getByRole('button').click();
  await page.getByRole('dialog', { name }).getByRole('button', { name: action }).click();
}

/** Waits until the page says why it is not in the room any more. */
async function isOut(page: Page, why: string): Promise<void> {
  await waitForState(page, 'closed');
  await page.locator('#notices').getByText(why).waitFor();
}

const OUT = "You've been banned from this room.";

suite('The owner of a room', () => {
  test('deletes a message, which disappears at once for all', async (t) => {
    const { room, ada, bob } = await openRoom(t);
    await post(bob, 'in a bad mood');
    await waitForMessage(ada, 'in a bad mood');
    await post(bob, 'in a good one');
    await waitForMessage(ada, 'in a good one');
    await deleteMessage(ada, ada.locator('.message', { hasText: 'in a bad mood' }));
    for (const page of [ada, bob]) {
      const first = page.locator('.message.deleted');
      await first.getByText('This message was deleted.').waitFor();
      assert.equal(await page.locator('.message').count(), 2);
      assert.equal(await page.getByText('in a bad mood').count(), 0);
      assert.equal(await page.locator('.deleted button').count(), 0);
    }
    const later = await openPage(t, room, { locale: 'zh-CN' });
    await later.getByText('这条消息已删除。').waitFor();
    assert.doesNotMatch(await later.content(), /bad mood/);
  });

  test('mutes a user, whose field gives way to the reason and keeps the text, and lifts that', async (t) => {
    const { ada, bob } = await openRoom(t);
    for (const way of WAYS) {
      await setTransport(bob, way);
      await bob.waitForSelector(`#state[data-transport=${way}]`);
      await bob.fill('#message', `may I? by ${way}`);
      await memberEntry(ada, 'Bob').getByRole('button').click();
      await ada.getByLabel('Duration').selectOption({ label: '1 hour' });
      await ada.getByRole('button', { name: 'Mute' }).click();
      await waitForSystemMessage(bob, 'Ada muted Bob for 60 min.');
      await bob.getByText(/^You're muted until .*\d.*\.$/).waitFor();
      assert.equal(await bob.locator('#message').isVisible(), false);
      await moderate(ada, 'Bob', 'Lift restrictions');
      await waitForSystemMessage(bob, 'Ada lifted the restrictions on Bob.');
      await bob.locator('#message').waitFor();
      assert.equal(await bob.inputValue('#message'), `may I? by ${way}`);
      await bob.press('#message', 'Enter');
      await waitForMessage(ada, `may I? by ${way}`);
      await ada.evaluate(() => {
        for (const message of document.querySelectorAll('.system-message')) message.remove();
      });
      await bob.reload();
      await waitForState(bob, 'live');
      await bob.evaluate(() => {
        for (const message of document.querySelectorAll('.system-message')) message.remove();
      });
    }
    assert.deepEqual(
      await receivedMessages(ada),
      WAYS.map((way) => `may I? by ${way}`),
    );
  });

  // The line that ends, and the request that is refused; the others are tried over the wire alone.
  for (const way of ['websocket', 'polling'] as const) {
    test(`bans a user, who can’t return by ${way} until the restrictions are lifted`, async (t) => {
      const { room, ada, bob } = await openRoom(t);
      await setTransport(bob, way);
      await bob.waitForSelector(`#state[data-transport=${way}]`);
      await moderate(ada, 'Bob', 'Ban');
      await confirm(ada);
      await waitForSystemMessage(ada, 'Ada banned Bob for 10 min.');
      await isOut(bob, OUT);
      await waitForMembers(ada, 'Ada');
      await bob.fill('#message', 'let me in');
      await bob.evaluate(() => {
        dispatchEvent(new Event('online'));
        document.dispatchEvent(new Event('visibilitychange'));
        document.querySelector('#notices')?.replaceChildren();
      });
      for (const other of ['', ...WAYS]) await setTransport(bob, other);
      await setTransport(bob, way);
      assert.equal(await bob.getAttribute('#state', 'data-state'), 'closed');
      await bob.getByRole('button', { name: 'Connect', exact: true }).click();
      await isOut(bob, OUT);
      assert.equal(await bob.inputValue('#message'), 'let me in');

      await openRoomMenu(ada);
      await ada.getByRole('link', { name: 'Room settings' }).click();
      const lift = ada.getByRole('button', { name: 'Lift restrictions' });
      await lift.waitFor();
      await navigate(ada, () => lift.click());
      await bob.getByRole('button', { name: 'Connect', exact: true }).click();
      await waitForState(bob, 'live');
      await bob.press('#message', 'Enter');
      await waitForMessage(bob, 'let me in');
      assert.equal(await bob.textContent('#notices'), '');
      await ada.goto(room);
      await waitForMessage(ada, 'let me in');
    });
  }

  test('bans a guest with all users at their address, except themselves', async (t) => {
    const { room, ada, bob } = await openRoom(t);
    await memberEntry(ada, 'Bob').getByRole('button').click();
    await ada.getByLabel('Also everyone at the same network address').check();
    await ada.getByRole('button', { name: 'Ban' }).click();
    await confirm(ada);
    await isOut(bob, OUT);
    const other = await openPage(t, room);
    await other.getByRole('heading', { name: OUT }).waitFor();
    await waitForState(ada, 'live');
    await post(ada, 'alone');
    await waitForMessage(ada, 'alone');
  });

  test('locks it, turns on slow mode, clears the history and transfers ownership', async (t) => {
    const { room, ada, bob } = await openRoom(t);
    const keep = await ada.context().newPage();
    await keep.goto(`${room}/settings`);
    await bob.fill('#message', 'kept');
    const save = keep.locator('#room-settings').getByRole('button', { name: 'Save' });
    await keep.getByLabel('Only moderators can post').check();
    await navigate(keep, () => save.click());
    await waitForSystemMessage(bob, 'Ada locked this room.');
    await bob.getByText('This room is locked. Only moderators can post.').waitFor();
    assert.equal(await bob.locator('#message').isVisible(), false);
    assert.deepEqual(await accessibilityViolations(bob), []);
    await post(ada, 'only I');
    await waitForMessage(bob, 'only I');
    await keep.getByRole('status').getByText('Saved.').waitFor();
    await keep.getByLabel('Only moderators can post').uncheck();
    await navigate(keep, () => save.click());
    await waitForSystemMessage(bob, 'Ada unlocked this room.');
    await bob.locator('#message').waitFor();
    assert.equal(await bob.inputValue('#message'), 'kept');

    await keep.fill('[name=seconds]', '3600');
    await navigate(keep, () => keep.press('[name=seconds]', 'Enter'));
    await waitForSystemMessage(bob, 'Ada turned on slow mode (3,600 s between messages).');
    await bob.press('#message', 'Enter');
    await waitForMessage(ada, 'kept');
    await post(bob, 'too soon');
    await bob.getByRole('alert').getByText('Slow mode is on.').waitFor();
    await becomes(() => bob.inputValue('#message'), 'too soon');

    await keep.getByRole('button', { name: 'Clear history' }).click();
    await keep.getByText(/^\d+ messages will be deleted for everyone/).waitFor();
    assert.deepEqual(await accessibilityViolations(keep), []);
    await navigate(keep, () => confirm(keep));
    await keep.getByRole('status').getByText('History cleared.').waitFor();
    for (const page of [ada, bob]) {
      await waitForSystemMessage(page, 'Ada cleared the history.');
      await becomes(() => page.locator('#messages > *').count(), 1);
      assert.equal(await page.locator('#messages .system-message').count(), 1);
    }
    assert.equal(await bob.inputValue('#message'), 'too soon');

    await openRoomMenu(bob);
    assert.ok(await bob.locator('#settings-link').isHidden());
    await keep.getByRole('button', { name: 'Transfer ownership' }).click();
    await keep.getByText('You will no longer own this room').waitFor();
    await navigate(keep, () => confirm(keep));
    await waitForSystemMessage(bob, 'Ada made Bob the owner of this room.');
    await bob.waitForSelector('body.can-moderate');
    await openRoomMenu(bob);
    assert.ok(await bob.getByRole('link', { name: 'Room settings' }).isVisible());
    await ada.waitForSelector('body:not(.can-moderate)');
    await openRoomMenu(ada);
    assert.ok(await ada.locator('#settings-link').isHidden());
    await keep.goto(`${room}/settings`);
    await keep.getByRole('heading', { name: 'Only moderators of this room' }).waitFor();
  });

  test('sees controls that no other user sees', async (t) => {
    const { room, ada, bob } = await openRoom(t);
    await post(ada, 'mine');
    await waitForMessage(bob, 'mine');
    await memberEntry(bob, 'Ada').getByRole('button').click();
    const menu = bob.getByRole('dialog', { name: 'Ada' });
    await menu.getByRole('button', { name: 'Hide their messages' }).waitFor();
    for (const action of ['Mute', 'Ban', 'Lift restrictions']) {
      assert.ok(!(await menu.getByRole('button', { name: action }).isVisible()), action);
    }
    await bob.keyboard.press('Escape');
    const of = await openMenu(bob, bob.locator('.message'));
    assert.ok(await of.locator('[value=delete]').isHidden());
    await bob.keyboard.press('Escape');
    await openRoomMenu(bob);
    assert.ok(await bob.locator('#settings-link').isHidden());
    await openMenu(ada, ada.locator('.message'));
    assert.ok(await ada.locator('#message-menu [value=delete]').isVisible());
    await ada.keyboard.press('Escape');
    await openRoomMenu(ada);
    assert.ok(await ada.locator('#settings-link').isVisible());
    await bob.goto(`${room}/settings`);
    await bob.getByRole('heading', { name: 'Only moderators of this room' }).waitFor();
  });

  test('needs only the keyboard, and the focus returns', async (t) => {
    const { ada, bob } = await openRoom(t);
    await ada.setViewportSize({ width: 600, height: 700 });
    await ada.locator('#people-button').focus();
    await ada.keyboard.press('Enter');
    await ada.locator('#side').waitFor();
    const name = memberEntry(ada, 'Bob').locator('button');
    const isOnName = () => name.evaluate((button) => button === document.activeElement);
    while (!(await isOnName())) await ada.keyboard.press('Tab');
    await ada.keyboard.press('Enter');
    await ada.getByRole('dialog', { name: 'Bob' }).waitFor();
    await ada.keyboard.press('Escape');
    await becomes(isOnName, true);
    await ada.keyboard.press('Enter');
    // Who types meanwhile does not take the way back.
    await bob.locator('#message').pressSequentially('hm');
    await ada.waitForSelector('.member[data-typing]');
    const muteButton = ada.getByRole('button', { name: 'Mute' });
    while (!(await muteButton.evaluate((button) => button === document.activeElement))) {
      await ada.keyboard.press('Tab');
    }
    await ada.keyboard.press('Space');
    await waitForSystemMessage(ada, 'Ada muted Bob for 10 min.');
    await becomes(isOnName, true);
    await bob.close();
    await waitForMembers(ada, 'Ada');
    await becomes(() => ada.evaluate(() => document.activeElement?.tagName), 'BUTTON');
    await ada.keyboard.press('Escape');
    await ada.locator('#side').waitFor({ state: 'hidden' });
    await becomes(() => ada.evaluate(() => document.activeElement?.id), 'people-button');

    await post(ada, 'a slip');
    await ada.waitForSelector('.message.own:not(.pending)');
    await ada.locator('.message').focus();
    await ada.keyboard.press('Enter');
    await ada.locator('#message-menu [value=delete]').focus();
    await ada.keyboard.press('Enter');
    await ada.locator('dialog.confirmation').waitFor();
    await ada.keyboard.press('Tab');
    await ada.keyboard.press('Enter');
    await ada.waitForSelector('.message.deleted');
    await ada.waitForFunction(() => /^m-\d+$/.test(document.activeElement?.id ?? ''));
  });
});

suite('A moderator', () => {
  test('can moderate every room', async (t) => {
    const { url } = await openApp(t, { moderatorKey: 'a long enough key' });
    const [page, other] = [await openPage(t, `${url}/sign-in`), await openPage(t, url)];
    await signIn(page, 'Ada');
    await waitForState(page, 'live');
    await page.click('#me');
    await page.getByText("I'm a moderator").click();
    await page.fill('[name=key]', 'a wrong key indeed');
    await page.press('[name=key]', 'Enter');
    await page.getByRole('alert').getByText('Wrong moderator key').waitFor();
    await page.getByText("I'm a moderator").click();
    await page.fill('[name=key]', 'a long enough key');
    await page.press('[name=key]', 'Enter');
    await page.waitForSelector('body.can-moderate');
    await post(other, 'spam');
    await waitForMessage(page, 'spam');
    await deleteMessage(page, page.locator('.message'));
    await other.waitForSelector('.message.deleted');
  });
});

test('Muting hides a user’s messages for one reader only, and can be undone', async (t) => {
  const { ada, bob } = await openRoom(t);
  await post(bob, 'loud');
  await waitForMessage(ada, 'loud');
  await moderate(ada, 'Bob', 'Hide their messages');
  const loud = ada.getByText('loud', { exact: true });
  await loud.waitFor({ state: 'hidden' });
  await post(bob, 'louder');
  await ada.waitForFunction(() => document.querySelectorAll('.message.muted').length === 2);
  assert.ok(await ada.getByText('louder').isHidden());
  assert.equal(await bob.locator('.muted').count(), 0);
  assert.equal(await ada.locator('.system-message').count(), 1, 'no other system message is shown');
  await ada.reload();
  await waitForState(ada, 'live');
  await waitForMembers(ada, 'Ada', 'Bob');
  assert.equal(await ada.locator('.message.muted').count(), 2);
  await moderate(ada, 'Bob', 'Show their messages');
  await loud.waitFor();
  await ada.getByText('louder').waitFor();
});
