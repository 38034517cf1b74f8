import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  becomes,
  fillPoll,
  openNewPoll,
  openPage,
  post,
  startPoll,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { animation, createImage } from '../support/images.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { openApp } from '../support/server.ts';
import { createGuest, outcome } from '../support/test-user.ts';
import { uploadFile } from '../support/uploads.ts';

const text = (name: string, length = 5) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.alloc(length, 'x'),
});

/** Holds back what the page asks for at such an address, until it is let go. */
async function hold(page: Page, address: RegExp) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let count = 0;
  await page.route(address, async (route) => {
    count += 1;
    await promise;
    await route.continue();
  });
  return { letGo: resolve, count: () => count };
}

/** Has files come to an element as by the mouse or the clipboard. */
function give(page: Page, to: string, by: 'drop' | 'paste', names: readonly string[]) {
  return page.evaluate(
    ([selector = '', type = '', ...files]) => {
      const data = new DataTransfer();
      for (const name of files) data.items.add(new File(['hello'], name));
      const init = { bubbles: true, cancelable: true };
      const event =
        type === 'drop'
          ? new DragEvent('drop', { ...init, dataTransfer: data })
          : new ClipboardEvent('paste', { ...init, clipboardData: data });
      document.querySelector(selector)?.dispatchEvent(event);
    },
    [to, by, ...names],
  );
}

const there = (page: Page, count: number) =>
  page.waitForFunction(
    (all) => document.querySelectorAll('#attached .uploaded').length === all,
    count,
  );

suite('Images on the page', () => {
  test('that are animated are paused for readers who prefer less motion, until they are played', async (t) => {
    const { url, port } = await openApp(t);
    const ann = await createGuest(port);
    const send = async (name: string, bytes: Buffer<ArrayBuffer>) => {
      const { file } = (await (await uploadFile(ann, name, bytes, 'lobby')).json()) as {
        file: { id: string };
      };
      assert.equal(
        await outcome(ann.post('/rooms/lobby/messages', { message: name, files: [file.id] })),
        '201',
      );
    };
    await send('a.gif', await animation(4));
    await send('a.png', await createImage('png', 60, 1_000));
    const still = await openPage(t, url, { reducedMotion: 'reduce' });
    const button = still.getByRole('button', { name: 'Play' });
    await button.waitFor();
    const image = still.locator('.moves img');
    const paused = still.locator('.moves canvas');
    await paused.waitFor();
    await image.waitFor({ state: 'hidden' });
    await button.click();
    await image.waitFor();
    await paused.waitFor({ state: 'hidden' });
    await still.getByRole('button', { name: 'Stop' }).click();
    await image.waitFor({ state: 'hidden' });
    const { width = 0, height = 0 } = (await still.locator('.tall img').boundingBox()) ?? {};
    assert.ok(width >= 120 && height >= 300, `${width} × ${height}`);
    assert.deepEqual(await accessibilityViolations(still), []);
    const moving = await openPage(t, url, { reducedMotion: 'no-preference' });
    await moving.locator('.moves img').waitFor();
    assert.equal(await moving.locator('.moves canvas').count(), 0);
  });
});

suite('Files on the page', () => {
  test('are picked, dropped and pasted, uploaded two at a time, and sent with the message', async (t) => {
    const { url } = await openApp(t);
    const [page, other] = [await openPage(t, url), await openPage(t, url)];
    await Promise.all([waitForState(page, 'live'), waitForState(other, 'live')]);
    const held = await hold(page, /\/files\?name=/);
    await page.click('#compose-menu summary');
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('#attach')]);
    await chooser.setFiles([text('one.txt'), text('two.txt')]);
    await give(page, '#timeline', 'drop', ['three.txt']);
    await give(page, '#message', 'paste', ['four.txt']);
    await becomes(() => page.locator('#attached progress').count(), 4);
    await post(page, 'all of these');
    await page.locator('.notice', { hasText: 'when the uploads finish' }).waitFor();
    assert.equal(await page.inputValue('#message'), 'all of these');
    await becomes(held.count, 2);
    assert.deepEqual(await accessibilityViolations(page), []);
    assert.equal(held.count(), 2);
    await page.getByRole('button', { name: 'Remove three.txt' }).click();
    held.letGo();
    await waitForMessage(other, 'all of these');
    const names = other.locator('.message:last-child .file bdi');
    assert.deepEqual(await names.allTextContents(), ['one.txt', 'two.txt', 'four.txt']);
    await becomes(() => page.inputValue('#message'), '');
    await page.locator('#attached').waitFor({ state: 'hidden' });
    const [download] = await Promise.all([
      other.waitForEvent('download'),
      other.click('.file >> nth=0'),
    ]);
    assert.equal(download.suggestedFilename(), 'one.txt');
  });

  test('are not attached from a paste that has text, as they are images of it', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    const paste = (text: string) =>
      page.evaluate((written) => {
        const data = new DataTransfer();
        data.setData('text/plain', written);
        data.setData('text/html', `<table><tr><td>${written}</table>`);
        data.items.add(new File(['png'], 'image.png', { type: 'image/png' }));
        const init = { bubbles: true, cancelable: true, clipboardData: data };
        const event = new ClipboardEvent('paste', init);
        return document.querySelector('#message')?.dispatchEvent(event);
      }, text);
    assert.equal(await paste('a\tb'), true, 'the field takes the text');
    assert.equal(await page.locator('#attached li').count(), 0);
    assert.equal(await paste(''), false, 'without a text it is the picture');
    assert.equal(await page.locator('#attached li').count(), 1);
  });

  test('that fail show why, can be retried or removed, and the text stays', async (t) => {
    const { url } = await openApp(t, { maxUploadMiB: 1 });
    const page = await openPage(t, url, { viewport: { width: 320, height: 640 } });
    await waitForState(page, 'live');
    let isDown = true;
    await page.route(/\/files\?name=unlucky/, (route) =>
      isDown ? route.abort() : route.continue(),
    );
    await page.setInputFiles('#files', [
      text('large.txt', 1024 * 1024 + 1),
      text('unlucky.txt'),
      { name: 'a.heic', mimeType: '', buffer: Buffer.from('\0\0\0\x10ftypheic\0\0\0\0') },
    ]);
    await page.getByText('Files are limited to 1 MiB.').waitFor();
    await page.getByText('Upload failed.').waitFor();
    await page.getByText('Use JPEG').waitFor();
    assert.equal(await page.getByRole('button', { name: /^Retry / }).count(), 1);
    assert.deepEqual(await accessibilityViolations(page), []);
    assert.ok(await fits(page));
    await post(page, 'with one of them');
    await page.getByText('Some uploads failed').waitFor();
    assert.equal(await page.inputValue('#message'), 'with one of them');
    isDown = false;
    await page.getByRole('button', { name: 'Remove large.txt' }).click();
    await page.getByRole('button', { name: 'Remove a.heic' }).click();
    await page.getByRole('button', { name: 'Retry unlucky.txt' }).click();
    await there(page, 1);
    await page.press('#message', 'Enter');
    await waitForMessage(page, 'with one of them');
    await page.locator('.file', { hasText: 'unlucky.txt' }).waitFor();
  });

  test('that are images have their size before they are loaded, and nothing jumps', async (t) => {
    const sea = { name: 'sea.jpg', mimeType: '', buffer: await createImage('jpeg', 900, 600) };
    const { url } = await openApp(t);
    const [page, other] = [await openPage(t, url), await openPage(t, url)];
    await Promise.all([waitForState(page, 'live'), waitForState(other, 'live')]);
    const held = await hold(other, /\?preview$/);
    await page.setInputFiles('#files', sea);
    await there(page, 1);
    await page.locator('#attached img').waitFor();
    await page.press('#message', 'Enter');
    const image = other.locator('.message img');
    await image.waitFor();
    const before = await image.boundingBox();
    assert.deepEqual([before?.width, before?.height], [320, 213.5]);
    held.letGo();
    await other.waitForFunction(() => {
      const shown = document.querySelector<HTMLImageElement>('.message img');
      return shown?.complete && shown.naturalWidth === 640;
    });
    assert.deepEqual(await image.boundingBox(), before);
    assert.deepEqual(await accessibilityViolations(other), []);
    await image.click();
    await other.waitForFunction(() => {
      const large = document.querySelector<HTMLImageElement>('#lightbox[open] img');
      return large?.complete && large.naturalWidth === 900;
    });
    assert.deepEqual(await accessibilityViolations(other), []);
    await other.keyboard.press('Escape');
    await other.locator('#lightbox').waitFor({ state: 'hidden' });
    // Opened by itself it is the picture, and the policy of the server stands.
    const path = await other.locator('a.picture').getAttribute('href');
    const opened = await other.context().newPage();
    await opened.goto(url + path);
    assert.equal(await opened.evaluate(() => document.images[0]?.naturalWidth), 900);
  });

  test('are restored with the text of a rejected message', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, `${url}/rooms/a`);
    await waitForState(page, 'live');
    await page.setInputFiles('#files', text('a.txt'));
    await there(page, 1);
    await post(page, '/poll "one option" a');
    await page.getByRole('alert').waitFor();
    await there(page, 1);
    await becomes(() => page.inputValue('#message'), '/poll "one option" a');
    await page.fill('#message', '');
    await page.press('#message', 'Enter');
    await page.locator('.message .file').waitFor();
  });

  test('are images of the options in the form for a poll, with scripts or without', async (t) => {
    const { url } = await openApp(t);
    const pictures = await Promise.all(
      ['cat.png', 'dog.png'].map(async (name) => ({
        name,
        mimeType: 'image/png',
        buffer: await createImage('png', 60, 40),
      })),
    );
    const ask = async (page: Page, question: string) => {
      // The option between them has no image.
      await fillPoll(page, { question, options: ['cat', 'none', 'dog'] });
      for (const [index, picture] of [0, 2].entries()) {
        const field = page.locator('#poll-form [name=files]').nth(picture);
        await field.setInputFiles(pictures[index] ?? []);
      }
      await startPoll(page);
    };
    const page = await openPage(t, `${url}/rooms/a`);
    await waitForState(page, 'live');
    await openNewPoll(page);
    await ask(page, 'With scripts?');
    await page.locator('.poll img').nth(1).waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);
    const plain = await openPage(t, `${url}/rooms/a/new-poll`, { javaScriptEnabled: false });
    await ask(plain, 'Without?');
    await page.locator('.poll', { hasText: 'Without?' }).locator('img').nth(1).waitFor();
    for (const question of ['With scripts?', 'Without?']) {
      const poll = page.locator('.poll', { hasText: question });
      assert.deepEqual(await poll.locator('tr:has(img) bdi').allTextContents(), ['cat', 'dog']);
    }
  });

  test('stay pending with their message until the connection is back, over a reload, and are restored if it is cancelled', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, `${url}/rooms/a`);
    await waitForState(page, 'live');
    const attach = async (name: string) => {
      await page.setInputFiles('#files', text(name));
      await there(page, 1);
      await page.evaluate(() => document.querySelector<HTMLElement>('#close')?.click());
      await waitForState(page, 'closed');
      await page.press('#message', 'Enter');
      await page.locator('.pending .attached-names', { hasText: name }).waitFor();
    };
    const connect = () =>
      page.evaluate(() => document.querySelector<HTMLElement>('#connect')?.click());
    await attach('kept.txt');
    assert.equal(await page.locator('.pending .body').count(), 0);
    assert.deepEqual(await accessibilityViolations(page), []);
    await page.click('.pending .cancel-sending');
    await there(page, 1);
    await page.press('#message', 'Enter');
    page.once('dialog', (dialog) => dialog.accept());
    await page.reload();
    await page.locator('.message:not(.pending) .file', { hasText: 'kept.txt' }).waitFor();
    await waitForState(page, 'live');

    // Another message takes the file meanwhile.
    await attach('taken.txt');
    await page.evaluate(async () => {
      const [entry] = JSON.parse(sessionStorage.getItem('typhoon.outbox.a') ?? '[]');
      await fetch('/rooms/a/messages', {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json',
          Authorization: `Bearer ${sessionStorage.getItem('typhoon.token')}`,
        },
        body: JSON.stringify({ message: 'sooner', files: entry.command.files }),
      });
    });
    await connect();
    await page.getByText('already attached to another message').waitFor();
    await page.locator('#attached .failed', { hasText: 'taken.txt' }).waitFor();
    await page.getByRole('button', { name: 'Retry taken.txt' }).click();
    await there(page, 1);
    await page.press('#message', 'Enter');
    await page.locator('.message:not(.pending) .file', { hasText: 'taken.txt' }).nth(1).waitFor();
  });

  test('are sent by a form where scripts do not run', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, `${url}/rooms/a`, { javaScriptEnabled: false });
    assert.equal(await page.locator('#attach').isVisible(), false);
    await page.setInputFiles('#files', [text('one.txt'), text('two.txt')]);
    await page.click('#send');
    const frame = page.frameLocator('iframe.timeline');
    await frame.locator('.file').nth(1).waitFor();
    assert.deepEqual(await frame.locator('.file bdi').allTextContents(), ['one.txt', 'two.txt']);
  });
});
