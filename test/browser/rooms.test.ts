import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { encode } from 'uqr';
import {
  becomes,
  closeConnection,
  createRoom,
  enterPassword,
  navigate,
  openPage,
  openPageAs,
  openRoomMenu,
  post,
  setTransport,
  signIn,
  waitForMessage,
  waitForState,
  waitForSystemMessage,
  waitUntilRead,
} from '../support/browser.ts';
import { join } from '../support/client.ts';
import { accessibilityViolations } from '../support/layout.ts';
import { networkOf } from '../support/networks.ts';
import { openApp } from '../support/server.ts';
import { signedIn } from '../support/test-browser.ts';

suite('The page of the rooms', () => {
  test('lists them with topic and users online, and the unread messages in recently visited ones', async (t) => {
    const { url, port } = await openApp(t);
    const ada = await signedIn(url, 'Ada');
    await ada.post('/rooms', { title: 'physics', topic: 'Light & waves', listed: 'on' });
    const owner = await openPageAs(t, `${url}/rooms/physics`, ada);
    await waitForState(owner, 'live');
    await post(owner, 'seen');
    await waitForMessage(owner, 'seen');
    await owner.goto(`${url}/rooms`);
    const other = await join(t, port, '/chat?room=physics');
    for (const text of ['one', 'two', 'three']) other.post(text);
    await other.until((frames) => frames.some((frame) => frame.includes('three')));
    await owner.reload();
    const entry = owner.locator('a[data-room=physics]');
    await entry.getByText('3 new').waitFor();
    assert.equal(await entry.locator('.topic').textContent(), 'Light & waves');
    await entry.click();
    await waitForMessage(owner, 'three');
    // Read means on the screen, of a page that is connected: from then on nothing is unread.
    await waitUntilRead(owner, 'physics');
    await owner.goto(`${url}/rooms`);
    await entry.getByText(/online/).waitFor();
    await entry.locator('.unread').waitFor({ state: 'hidden' });

    const guest = await openPage(t, `${url}/rooms`);
    await guest.locator('a[data-room=physics]').waitFor();
    assert.ok(await guest.locator('.unread').isHidden());
    assert.equal(await guest.getByText('Recently visited').count(), 0);
    await guest.fill('#go', '物理');
    await navigate(guest, () => guest.press('#go', 'Enter'));
    await waitForState(guest, 'live');
    assert.equal(await guest.textContent('h1'), '物理');
  });

  for (const [what, fields, isListed, locale, heading, news] of [
    ['unlisted', { title: 'secret' }, false, 'en-US', 'Recently visited', '2 new'],
    ['needs a word', { title: '密室', password: 'tulip' }, true, 'zh-CN', '最近访问', '2 条新消息'],
  ] as const) {
    test(`shows a recently visited room although it ${what}`, async (t) => {
      const { url } = await openApp(t);
      const room = `${url}/rooms/${encodeURIComponent(fields.title)}`;
      const ada = await signedIn(url, 'Ada');
      await ada.post('/rooms', { ...fields, ...(isListed && { listed: 'on' }) });
      const [owner, guest] = [await openPageAs(t, room, ada), await openPage(t, room, { locale })];
      await waitForState(owner, 'live');
      if ('password' in fields) await enterPassword(guest, fields.password);
      await waitForState(guest, 'live');
      await waitUntilRead(guest, fields.title);
      await guest.goto(`${url}/rooms`);
      for (const text of ['one', 'two']) await post(owner, text);
      await waitForMessage(owner, 'two');
      await guest.reload();
      const section = guest.getByRole('region', { name: heading });
      await section.getByText(news).waitFor();
      assert.equal(await guest.locator('#rooms li').count(), 0);
      await section.getByRole('link', { name: fields.title }).click();
      await waitForState(guest, 'live');
      await waitForMessage(guest, 'two');
    });
  }
});

suite('The user’s own room', () => {
  test('is created with a topic, which changes for all at once', async (t) => {
    const { url } = await openApp(t);
    const owner = await openPage(t, `${url}/rooms`);
    await owner.locator('main').getByRole('link', { name: 'Choose a name' }).click();
    await signIn(owner, 'Ada');
    await createRoom(owner, { title: 'class', topic: 'Week 1' });
    await waitForState(owner, 'live');
    assert.equal(await owner.textContent('#topic'), 'Week 1');
    const other = await openPage(t, `${url}/rooms/class`);
    await waitForState(other, 'live');
    await waitForSystemMessage(other, 'Ada created this room.');
    await openRoomMenu(owner);
    await owner.getByRole('link', { name: 'Room settings' }).click();
    await owner.fill('[name=topic]', '<b>第二周</b>');
    await navigate(owner, () => owner.press('[name=topic]', 'Enter'));
    await other.locator('#topic').getByText('<b>第二周</b>', { exact: true }).waitFor();
    await waitForSystemMessage(other, 'Ada changed the topic to <b>第二周</b>');
    assert.equal(await owner.inputValue('[name=topic]'), '<b>第二周</b>');

    await owner.goto(`${url}/rooms`);
    await createRoom(owner, { title: 'class' });
    await owner.getByText('A room with this name already exists').waitFor();
  });

  test('has a title, whose address is shown while it is typed, and which its owner can change', async (t) => {
    const { url } = await openApp(t);
    const owner = await openPageAs(t, `${url}/rooms`, await signedIn(url, 'Ada'));
    const form = owner.locator('form[method=post]');
    assert.ok(await owner.locator('#new-address').isHidden());
    await form.getByLabel('Title').fill('Lobby');
    await becomes(() => owner.textContent('#new-address output'), '/rooms/lobby');
    await form.getByLabel('Topic').fill('Light');
    await navigate(owner, () => form.getByRole('button').click());
    await form.getByRole('alert').getByText('A room with this name already exists').waitFor();
    assert.equal(await form.getByLabel('Topic').inputValue(), 'Light');
    assert.deepEqual(await accessibilityViolations(owner), []);
    await form.getByLabel('Title').fill('生物课 7B!');
    await becomes(() => owner.textContent('#new-address output'), '/rooms/生物课-7b');
    await navigate(owner, () => form.getByRole('button').click());
    await waitForState(owner, 'live');
    assert.equal(decodeURI(new URL(owner.url()).pathname), '/rooms/生物课-7b');
    assert.equal(await owner.textContent('h1'), '生物课 7B!');
    const projector = await owner.context().newPage();
    await projector.goto(`${owner.url()}/present`);
    await projector.locator('.invitation').getByText('生物课 7B!').waitFor();
    const settings = await owner.context().newPage();
    await settings.goto(`${owner.url()}/settings`);
    await settings.getByLabel('Title').fill('<i>Zoo</i>');
    await navigate(settings, () => settings.press('[name=title]', 'Enter'));
    for (const page of [owner, projector]) {
      await page.locator('.room-title').getByText('<i>Zoo</i>').first().waitFor();
      await page.waitForFunction(() => document.title.endsWith('<i>Zoo</i> · Typhoon'));
    }
    await waitForSystemMessage(owner, 'Ada renamed this room to <i>Zoo</i>');
    await owner.goto(`${url}/rooms`);
    await owner.getByRole('link', { name: '<i>Zoo</i>' }).waitFor();
  });

  test('is opened by the QR code and the copied link, from other machines', async (t) => {
    const school = networkOf('192.168.1.5');
    const { url, port } = await openApp(t, { host: '0.0.0.0' }, {}, school);
    const path = `/rooms/${encodeURIComponent('数学')}`;
    const page = await openPage(t, url + path);
    await waitForState(page, 'live');
    const link = `http://192.168.1.5:${port}${path}`;
    await showsCode(page, link);
    assert.equal(await page.textContent('#side .address'), `192.168.1.5:${port}/rooms/数学`);
    assert.ok(await page.locator('#join-origin').isHidden(), 'there is no choice');
    await page.locator('#side .qr svg').evaluate((svg) => svg.classList.add('drawn-before'));
    await closeConnection(page);
    await page.click('#connect');
    await waitForState(page, 'live');
    assert.equal(await page.locator('.drawn-before').count(), 1, 'the code is not drawn again');
    await page.context().grantPermissions(['clipboard-write']);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    // The page may not read the clipboard; somebody may paste it.
    await page.focus('#message');
    await page.keyboard.press('ControlOrMeta+V');
    await becomes(() => page.inputValue('#message'), link);
  });

  test('is reached by the address that its owner chooses of several, in all rooms and on the projector', async (t) => {
    const school = networkOf('192.168.1.5', '10.0.0.3');
    const { url, port } = await openApp(t, { host: '0.0.0.0' }, {}, school);
    const page = await openPage(t, `${url}/rooms/class`);
    await showsCode(page, `http://192.168.1.5:${port}/rooms/class`);
    await page.getByLabel('Address for others').selectOption(`10.0.0.3:${port}`);
    await showsCode(page, `http://10.0.0.3:${port}/rooms/class`);
    await page.goto(`${url}/rooms/other/present`);
    await showsCode(page, `http://10.0.0.3:${port}/rooms/other`);
    await becomes(() => page.inputValue('#join-origin'), `http://10.0.0.3:${port}`);
  });

  for (const [what, config, path, expected] of [
    [
      'is the public URL',
      { publicUrl: 'https://chat.example' },
      '/rooms/a',
      'https://chat.example',
    ],
    ['is where the page was opened', { hosts: new Set(['here.example']) }, '/rooms/a', undefined],
  ] as const) {
    test(`is reached by an address that ${what}`, async (t) => {
      const { port } = await openApp(t, config);
      const host = expected === undefined ? 'here.example' : '127.0.0.1';
      const page = await openPage(t, `http://${host}:${port}${path}`);
      await showsCode(page, `${expected ?? `http://here.example:${port}`}${path}`);
    });
  }

  for (const [what, config, network, advice] of [
    [
      'the server listens on this machine only',
      {},
      networkOf('192.168.1.5'),
      /Start it without --host/,
    ],
    [
      'the machine has no network',
      { host: '0.0.0.0' },
      networkOf(),
      /Connect this machine to a network/,
    ],
  ] as const) {
    test(`has no QR code, and says what to do, where ${what}`, async (t) => {
      const { url } = await openApp(t, config, {}, network);
      const page = await openPage(t, `${url}/rooms/class`);
      await waitForState(page, 'live');
      await page.locator('#side').getByText(advice).waitFor();
      assert.equal(await page.locator('#side .qr svg').count(), 0);
      assert.ok(await page.locator('#copy-link').isHidden());
      assert.deepEqual(await accessibilityViolations(page), []);
      await page.goto(`${url}/rooms/class/present`);
      await page.locator('.invitation').getByText(advice).waitFor();
      assert.equal(await page.locator('.qr svg').count(), 0);
      assert.deepEqual(await accessibilityViolations(page), []);
    });
  }

  test('shows the link where it may not be copied', async (t) => {
    const { url } = await openApp(t, { publicUrl: 'https://chat.example' });
    const page = await openPage(t, `${url}/rooms/class`);
    await waitForState(page, 'live');
    // As a page that was loaded over plain HTTP.
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
    });
    await page.click('#copy-link');
    await page.locator('#copy-link').getByText('Copied').waitFor();
    await page.focus('#message');
    await page.keyboard.press('ControlOrMeta+V');
    await becomes(() => page.inputValue('#message'), 'https://chat.example/rooms/class');
    await page.evaluate(() => {
      document.execCommand = () => false;
    });
    await page.click('#copy-link');
    await page.locator('#copy-link').getByText('https://chat.example/rooms/class').waitFor();
  });
});

/** Waits until the QR code on the page is that of the link. */
async function showsCode(page: Page, link: string): Promise<void> {
  const { size, data } = encode(link, { border: 4 });
  const expected = data.map((row) => row.map(Number).join('')).join('\n');
  await page.waitForFunction(
    ([modules, code]) => {
      const svg = document.querySelector<SVGSVGElement>('.qr svg');
      if (!svg) return false;
      const unit = svg.viewBox.baseVal.width / modules;
      const shapes = [...svg.querySelectorAll('path')];
      const point = svg.createSVGPoint();
      const row = (y: number) =>
        Array.from({ length: modules }, (_, x) => {
          [point.x, point.y] = [(x + 0.5) * unit, (y + 0.5) * unit];
          return Number(shapes.some((shape) => shape.isPointInFill(point)));
        }).join('');
      return Array.from({ length: modules }, (_, y) => row(y)).join('\n') === code;
    },
    [size, expected] as const,
  );
}

suite('A password', () => {
  test('is requested by a room that needs it, again where it was wrong, and gives access', async (t) => {
    const { url } = await openApp(t);
    const path = `/rooms/${encodeURIComponent('密室')}`;
    const ada = await signedIn(url, 'Ada');
    await ada.post('/rooms', { title: '密室', password: 'tulip' });
    const owner = await openPageAs(t, url + path, ada);
    await waitForState(owner, 'live');
    const other = await openPage(t, url + path);
    await other.getByRole('heading', { name: 'This room needs a password' }).waitFor();
    await other.keyboard.type('rose');
    await other.keyboard.press('Enter');
    await other.getByRole('heading', { name: 'Wrong password.' }).waitFor();
    await other.keyboard.type('tulip');
    await other.keyboard.press('Enter');
    await waitForState(other, 'live');
    for (const way of ['sse', 'long-polling', 'polling', 'websocket']) {
      await setTransport(other, way);
      await other.waitForSelector(`#state[data-transport=${way}]`);
      await post(other, `by ${way}`);
      await waitForMessage(owner, `by ${way}`);
    }
  });

  test('is requested by a server that needs it, and leads on to the requested page', async (t) => {
    const { url } = await openApp(t, { serverPassword: 'open sesame' });
    const page = await openPage(t, `${url}/rooms/class?embed`);
    await page.getByRole('heading', { name: 'This server needs a password.' }).waitFor();
    await page.keyboard.type('open barley');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Wrong password.' }).waitFor();
    await page.getByRole('link', { name: '中文' }).click();
    await page.getByRole('heading', { name: '进入该服务器需要密码。' }).waitFor();
    await enterPassword(page, 'open sesame');
    await waitForState(page, 'live');
    assert.equal(new URL(page.url()).pathname, '/rooms/class');
    await post(page, 'inside');
    await waitForMessage(page, 'inside');
  });
});

suite('Without JavaScript', () => {
  test('a user chooses a name, creates a room, changes its settings and posts in it', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, `${url}/rooms`, { javaScriptEnabled: false });
    await page.locator('main').getByRole('link', { name: 'Choose a name' }).click();
    await signIn(page, 'Ada');
    await createRoom(page, { title: 'plain', topic: 'Forms' });
    assert.equal(await page.textContent('#topic'), 'Forms');
    assert.ok(!(await page.isVisible('#pick-emoji')), 'what needs a script is not there');
    await post(page, 'hello'); // There Enter starts a new line.
    await page.click('#send');
    const frame = page.frameLocator('iframe');
    await frame.locator('.message bdi').getByText('Ada').waitFor();
    await frame.locator('.message > .body', { hasText: /^hello/ }).waitFor();

    const other = await openPage(t, `${url}/rooms/plain`);
    await waitForState(other, 'live');
    // From then on the settings offer what a moderator can do to them.
    await other.locator('#people-list .member').first().waitFor({ state: 'attached' });
    await openRoomMenu(page);
    await page.getByRole('link', { name: 'Room settings' }).click();
    await page.fill('[name=seconds]', '60');
    await navigate(page, () => page.press('[name=seconds]', 'Enter'));
    await waitForSystemMessage(other, 'Ada turned on slow mode (60 s between messages).');
    await page.getByLabel('Only moderators can post').check();
    const save = page.locator('#room-settings').getByRole('button', { name: 'Save' });
    await navigate(page, () => save.click());
    await waitForSystemMessage(other, 'Ada locked this room.');
    await other.getByText('This room is locked. Only moderators can post.').waitFor();
    await other.locator('#message').waitFor({ state: 'hidden' });
    await page.locator('.user-list summary').click();
    await navigate(page, () => page.getByRole('button', { name: 'Mute' }).click());
    await waitForSystemMessage(other, /^Ada muted guest \w+ for 10 min\.$/);
    await navigate(page, () => page.getByRole('button', { name: 'Lift restrictions' }).click());
    await waitForSystemMessage(other, /^Ada lifted the restrictions on guest \w+\.$/);
    await navigate(page, () => page.getByRole('button', { name: 'Transfer ownership' }).click());
    await page.getByText(/^You will no longer own this room/).waitFor();
    await navigate(page, () => page.getByRole('button', { name: 'Transfer ownership' }).click());
    await waitForSystemMessage(other, /^Ada made guest \w+ the owner of this room\.$/);
    assert.equal(new URL(page.url()).pathname, '/rooms/plain', 'it is not theirs to keep now');
    await other.waitForSelector('body.can-moderate');
  });
});
