import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  becomes,
  chooseName,
  inSettings,
  memberEntry,
  openAnotherTab,
  openMenu,
  openPage,
  openPageAs,
  ownMessages,
  post,
  receivedMessages,
  setHidden,
  setTransport,
  signIn,
  togglePeople,
  waitForEditing,
  waitForMembers,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { accessibilityViolations } from '../support/layout.ts';
import { openApp } from '../support/server.ts';
import { signedIn } from '../support/test-browser.ts';
import { createGuest, signIn as signUp, type TestUser } from '../support/test-user.ts';

suite('A name', () => {
  test('is chosen on a page that leads back, and is the same user in all tabs of a browser', async (t) => {
    const { url } = await openApp(t);
    const room = `${url}/rooms/class`;
    const [one, other] = [await openPage(t, room), await openPage(t, room)];
    const two = await openAnotherTab(one, room);
    await Promise.all([waitForState(one, 'live'), waitForState(other, 'live')]);
    await chooseName(one, 'Ada');
    assert.equal(new URL(one.url()).pathname, '/rooms/class');
    await Promise.all(
      [one, two].map((tab) => tab.locator('#me').getByText('Ada', { exact: true }).waitFor()),
    );
    await chooseName(other, 'Bob');
    await Promise.all([one, two, other].map((page) => waitForMembers(page, 'Ada', 'Bob')));
    await becomes(() => other.textContent('#people-count'), '2');

    await post(one, 'from one');
    await waitForMessage(two, 'from one');
    await post(two, 'from two');
    await Promise.all([one, two, other].map((page) => waitForMessage(page, 'from two')));
    for (const tab of [one, two])
      assert.deepEqual(await ownMessages(tab), ['from one', 'from two']);
    assert.deepEqual(await ownMessages(other), []);
    assert.equal(await other.locator('.message .who').first().textContent(), 'Ada');
    assert.equal(await one.locator('.member.own .who').textContent(), 'Ada');
  });

  test('is asked for where a guest writes or votes, who goes on with what they typed', async (t) => {
    const { url } = await openApp(t);
    await signedIn(url, 'Ada', 'correct horse');
    const [one, two] = [await openPage(t, url), await openPage(t, url)];
    await Promise.all([waitForState(one, 'live'), waitForState(two, 'live')]);
    const offer = one.getByRole('group', { name: 'What should we call you?' });
    assert.equal(await offer.isVisible(), false);
    await one.locator('#message').pressSequentially('/poll "Which?" a | b');
    await offer.waitFor();
    await one.fill('#guest-name', 'Ada');
    await one.press('#guest-name', 'Enter');
    await offer.getByText('This name has a password.').waitFor();
    assert.deepEqual(await accessibilityViolations(one), []);
    await one.fill('#guest-name', 'Cy');
    await one.press('#guest-name', 'Enter');
    await one.locator('#me').getByText('Cy', { exact: true }).waitFor();
    await offer.waitFor({ state: 'hidden' });
    assert.equal(await one.inputValue('#message'), '/poll "Which?" a | b');
    await one.press('#message', 'Enter');
    await two.locator('.poll .who', { hasText: 'Cy' }).waitFor();
    await two.locator('.poll .option').first().click();
    const asked = two.getByRole('group', { name: 'What should we call you?' });
    await asked.getByRole('button', { name: 'Not now' }).click();
    await asked.waitFor({ state: 'hidden' });
    await two.locator('.poll tr[data-count="1"].chosen').waitFor();
    await two.reload();
    await waitForState(two, 'live');
    await two.fill('#message', 'once more');
    assert.equal(await asked.isVisible(), false);
  });

  test('takes over what the guest of the tab had: messages, reactions and the vote, counted once', async (t) => {
    const { url } = await openApp(t);
    const one = await openPage(t, url);
    await waitForState(one, 'live');
    const two = await openAnotherTab(one, url);
    await post(one, 'from tab one');
    await waitForMessage(two, 'from tab one');
    await post(two, 'from tab two');
    await waitForMessage(one, 'from tab two');
    const first = (page: typeof one) => page.locator('.message').first();
    const menu = await openMenu(one, first(one));
    await menu.getByRole('button', { name: '👍' }).click();
    await first(one).locator('.reaction[aria-pressed=true]').waitFor();
    await post(one, '/poll "Which?" a | b');
    await one.locator('.poll button[value="0"].option').click();
    await two.locator('.poll tr[data-count="1"]').waitFor();
    assert.deepEqual(await ownMessages(two), ['from tab two'], 'two tabs are two guests');

    await chooseName(one, 'Ada');
    await first(one).locator('.reaction[aria-pressed=true]').waitFor();
    await becomes(async () => (await ownMessages(one)).includes('from tab one'), true);
    assert.ok(!(await ownMessages(one)).includes('from tab two'));
    await one.locator('.poll button[value="0"].option[aria-pressed=true]').waitFor();
    await one.locator('.poll button[value="1"].option').click();
    await two.locator('.poll tr[data-option="1"][data-count="1"]').waitFor();
    await two.locator('.poll tr[data-option="0"][data-count="0"]').waitFor();
    const edit = await openMenu(one, first(one));
    await edit.getByRole('button', { name: 'Edit' }).click();
    await waitForEditing(one);
    await post(one, 'said by Ada');
    await first(two).locator('.body').getByText('said by Ada').waitFor();
    await first(one).locator('.reaction').click();
    await first(two).locator('.reaction').waitFor({ state: 'detached' });

    await one.click('#me');
    await one.getByRole('button', { name: 'Sign out' }).click();
    await waitForState(one, 'live');
    assert.ok(
      !(await ownMessages(one)).includes('said by Ada'),
      'signed out, the tab is another guest',
    );
  });

  test('is signed out in all tabs at once, without a reload', async (t) => {
    const { url } = await openApp(t);
    const one = await openPageAs(t, url, await signedIn(url, 'Ada'));
    await waitForState(one, 'live');
    const two = await openAnotherTab(one, url);
    await setTransport(two, 'sse');
    await two.waitForSelector('#state[data-transport=sse]');
    await two.evaluate(() => {
      document.title = 'not loaded again';
    });
    await post(two, 'as Ada');
    await waitForMessage(one, 'as Ada');
    await one.click('#me');
    await one.getByRole('button', { name: 'Sign out' }).click();
    for (const tab of [one, two]) {
      await tab.locator('#me').getByText('Choose a name').waitFor();
      await tab.waitForSelector('#state[data-state=live]');
    }
    await two.waitForSelector('.message:not(.own)');
    await post(two, 'as a guest');
    await Promise.all([one, two].map((tab) => waitForMessage(tab, 'as a guest')));
    assert.deepEqual(await ownMessages(two), ['as a guest']);
    assert.deepEqual(await ownMessages(one), []);
    assert.equal(await two.title(), 'not loaded again');
  });

  test('is reserved with a password, and works with it in another browser', async (t) => {
    const { url } = await openApp(t);
    const one = await openPageAs(t, `${url}/rooms/class`, await signedIn(url, 'Ada'));
    await waitForState(one, 'live');
    await one.click('#me');
    await one.fill('[name=password]', 'correct horse');
    await one.getByRole('button', { name: 'Save' }).click();
    await waitForState(one, 'live');
    assert.equal(await one.textContent('#me'), 'Ada');
    await post(one, 'it is me');
    await waitForMessage(one, 'it is me');

    const two = await openPage(t, `${url}/sign-in?next=/rooms/class`);
    await signIn(two, 'Ada');
    assert.match(
      (await two.getByRole('alert').textContent()) ?? '',
      /Wrong password for this name/,
    );
    await signIn(two, 'Ada', 'wrong horse');
    assert.match(
      (await two.getByRole('alert').textContent()) ?? '',
      /Wrong password for this name/,
    );
    assert.equal(await two.inputValue('[name=name]'), 'Ada');
    await two.getByRole('link', { name: '中文' }).click();
    await two.getByRole('heading', { name: '设置昵称' }).waitFor();
    assert.equal(new URL(two.url()).search, '?next=%2Frooms%2Fclass');
    await signIn(two, 'Ada', 'correct horse');
    await waitForState(two, 'live');
    assert.equal(new URL(two.url()).pathname, '/rooms/class');
    assert.deepEqual(await ownMessages(two), ['it is me']);
    await waitForMembers(one, 'Ada');
  });

  test('is shown harmlessly, whatever is in it', async (t) => {
    const { url } = await openApp(t);
    const other = await openPage(t, url);
    await waitForState(other, 'live');
    for (const name of ['שלום עולם', '<img src=x onerror=alert(1)>', '&lt;b&gt;']) {
      const one = await openPageAs(t, url, await signedIn(url, name));
      await waitForState(one, 'live');
      await post(one, `I am ${name}`);
      await waitForMessage(other, `I am ${name}`);
      await other.locator('#people-list bdi').getByText(name, { exact: true }).waitFor();
      assert.equal(await one.textContent('#me bdi'), name);
      assert.equal(await other.locator('.message .who bdi').last().textContent(), name);
    }
    const markup = ':is(#people-list, #messages, #me) :is(img, script)';
    assert.equal(await other.locator(markup).count(), 0);
    await other.locator('.member:not(.own) button').first().click();
    assert.equal(await other.locator('#person-menu img').count(), 0);
  });
});

suite('Presence', () => {
  test('shows users as they join, are away, return and leave', async (t) => {
    const { url } = await openApp(t);
    const one = await openPageAs(t, url, await signedIn(url, 'Ada'));
    await waitForMembers(one, 'Ada');
    const two = await openPageAs(t, url, await signedIn(url, 'Bob'));
    await waitForMembers(one, 'Ada', 'Bob');
    await setHidden(two, true);
    await memberEntry(one, 'Bob').getByText('away').waitFor();
    assert.equal(await memberEntry(one, 'Bob').getAttribute('data-state'), 'away');
    await setHidden(two, false);
    await one.waitForSelector('.member[data-state=away]', { state: 'detached' });
    assert.equal(await memberEntry(one, 'Bob').getByText('away').count(), 0);
    await two.close();
    await waitForMembers(one, 'Ada');
    await becomes(() => one.textContent('#people-count'), '1');
  });

  test('does not flicker when a user reloads', async (t) => {
    const { url } = await openApp(t, {}, { presenceGraceMs: 200_000 });
    const one = await openPageAs(t, url, await signedIn(url, 'Ada'));
    const two = await openPageAs(t, url, await signedIn(url, 'Bob'));
    await waitForMembers(one, 'Ada', 'Bob');
    await one.evaluate(() => {
      const list = document.querySelector('#people-list') as Element;
      const attributeFilter = ['class', 'data-state', 'data-typing'];
      const changes = { childList: true, subtree: true, characterData: true, attributeFilter };
      new MutationObserver((all) => {
        document.body.dataset.changes = all.map(({ type }) => type).join();
      }).observe(list, changes);
    });
    for (let reloads = 0; reloads < 3; reloads += 1) {
      await two.reload();
      await waitForState(two, 'live');
    }
    await post(two, 'back again');
    await waitForMessage(one, 'back again');
    // A new guest is announced after everything that came before.
    await openPage(t, url);
    await one.waitForFunction(() => document.querySelector('#people-count')?.textContent === '3');
    assert.equal(await one.evaluate(() => document.body.dataset.changes), 'childList');
    assert.equal(await one.locator('#people-list .member').count(), 3);
  });

  test('has the owner near the top, many guests under their number, and a field to find one of many', async (t) => {
    const { url, port } = await openApp(t);
    const ada = await signedIn(url, 'Ada');
    await ada.post('/rooms', { title: 'class' });
    const bob = await signUp(port, 'Bob');
    await bob.live(t, 'class');
    const page = await openPageAs(t, `${url}/rooms/class`, await signedIn(url, 'Aaron'));
    const owner = await openPageAs(t, `${url}/rooms/class`, ada);
    await waitForMembers(owner, 'Aaron', 'Ada', 'Bob');
    await waitForMembers(page, 'Aaron', 'Ada', 'Bob');
    const shown = () => page.locator('.member:visible .who').allInnerTexts();
    const guests: TestUser[] = [];
    for (let n = 0; n < 6; n += 1) guests.push(await createGuest(port));
    for (const guest of guests) await guest.live(t, 'class');
    const fold = page.getByRole('button', { name: '6 guests' });
    if (!(await page.isVisible('#close-side'))) await togglePeople(page);
    await fold.waitFor();
    assert.deepEqual(await shown(), ['Aaron', 'Ada', 'Bob']);
    await memberEntry(page, 'Ada').getByText('owner').waitFor();
    await fold.click();
    await becomes(async () => (await shown()).length, 9);
    assert.deepEqual(await accessibilityViolations(page), []);
    assert.equal(await page.locator('#find-person').isVisible(), false);
    for (let n = 0; n < 45; n += 1) await (await createGuest(port)).live(t, 'class');
    await page.locator('#find-person').fill('ｂＯ');
    await becomes(shown, ['Bob']);
  });

  test('shows typing until the message is posted, unless the user turned that off', async (t) => {
    const { url } = await openApp(t);
    const one = await openPageAs(t, url, await signedIn(url, 'Ada'));
    const two = await openPageAs(t, url, await signedIn(url, 'Bob'));
    await Promise.all([waitForMembers(one, 'Ada', 'Bob'), waitForMembers(two, 'Ada', 'Bob')]);
    const names = two.locator('#people-list .who');
    assert.deepEqual(await names.allTextContents(), ['Bob', 'Ada'], 'the user is the first');
    assert.equal(await two.locator('.member', { hasText: 'you' }).textContent(), 'Bobyou');
    const typing = one.locator('#typing');
    await two.locator('#message').pressSequentially('hello');
    await typing.getByText('Bob is typing…').waitFor();
    await becomes(() => two.textContent('#typing'), '');
    await two.press('#message', 'Enter');
    await waitForMessage(one, 'hello');
    await one.waitForFunction(() => document.querySelector('#typing')?.textContent === '');

    await inSettings(two, () => two.uncheck('#show-typing'));
    await two.reload();
    await waitForState(two, 'live');
    assert.ok(!(await two.isChecked('#show-typing')), 'it is remembered');
    await one.evaluate(() => {
      const typing = document.querySelector('#typing') as Element;
      new MutationObserver(() => document.body.classList.add('announced')).observe(typing, {
        childList: true,
      });
    });
    await two.locator('#message').pressSequentially('nobody knows');
    await two.press('#message', 'Enter');
    await waitForMessage(one, 'nobody knows');
    await inSettings(two, () => two.check('#show-typing'));
    assert.equal(await one.locator('body.announced').count(), 0);
  });

  for (const way of ['sse', 'polling'] as const) {
    test(`works over ${way} as well, typing too`, async (t) => {
      const { url } = await openApp(t);
      const one = await openPageAs(t, url, await signedIn(url, 'Ada'));
      await waitForState(one, 'live');
      await setTransport(one, way);
      await one.waitForSelector(`#state[data-transport=${way}]`);
      const two = await openPageAs(t, url, await signedIn(url, 'Bob'));
      await waitForMembers(two, 'Ada', 'Bob');
      // Polling clients get the others' states when they send their own.
      await setHidden(one, true);
      await memberEntry(two, 'Ada').getByText('away').waitFor();
      await setHidden(one, false);
      await waitForMembers(one, 'Ada', 'Bob');
      await one.locator('#message').pressSequentially('he');
      await two.locator('#typing').getByText('Ada is typing…').waitFor();
      await one.press('#message', 'Enter');
      await Promise.all([waitForMessage(one, 'he'), waitForMessage(two, 'he')]);
      await two.waitForFunction(() => document.querySelector('#typing')?.textContent === '');
      assert.deepEqual(await ownMessages(one), ['he']);
      assert.deepEqual(await receivedMessages(two), ['he']);
    });
  }
});
