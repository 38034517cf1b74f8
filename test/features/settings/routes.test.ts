import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openApp } from '../../support/server.ts';
import { TestBrowser } from '../../support/test-browser.ts';

suite('The settings', () => {
  const post = (url: string, body: string) =>
    fetch(`${url}/settings`, {
      method: 'POST',
      body: new URLSearchParams(body),
      headers: { Accept: 'text/html' },
      redirect: 'manual',
    });
  const page = async (url: string, cookie: string) =>
    (await fetch(url, { headers: { Cookie: cookie, Accept: 'text/html' } })).text();

  test('A form sets the theme and the density of every page, in a cookie.', async (t) => {
    const { url } = await openApp(t);
    const response = await post(url, 'theme=dark&density=compact');
    assert.equal(response.status, 303);
    assert.equal(response.headers.get('location'), '/settings');
    const [cookie = ''] = response.headers.getSetCookie();
    for (const path of ['/', '/rooms', '/settings', '/sign-in', '/nowhere']) {
      const html = await page(url + path, cookie.split(';')[0] ?? '');
      assert.match(html, /<html lang="en" data-density="compact" data-accent="teal">/, path);
      assert.match(html, /dark-\w+\.css" media="all"/, path);
      assert.match(html, /"theme-color" content="#ffffff" \S+ media="not all"/, path);
      assert.match(html, /"theme-color" content="#1b262c" \S+ media="all"/, path);
    }
    const system = await page(`${url}/rooms`, '');
    assert.match(system, /\.css" media="\(prefers-color-scheme: dark\)"/);
    assert.match(system, /"#ffffff" \S+ media="\(prefers-color-scheme: light\)"/);
  });

  test('The panel of a room is as the user left it, and changing it leaves the rest.', async (t) => {
    const { url } = await openApp(t);
    const browser = new TestBrowser(url);
    const panelOf = async (path: string) =>
      /data-panel="(\w+)">/.exec(await (await browser.get(path)).text())?.[1];
    assert.equal(await panelOf('/'), 'people');
    await browser.submit('/settings', { theme: 'dark', density: 'compact' });
    for (const panel of ['files', 'closed']) {
      await browser.submit('/settings', { panel });
      assert.equal(await panelOf('/'), panel);
    }
    assert.equal(await panelOf('/rooms/lobby?embed'), 'closed');
    assert.equal(browser.cookie('appearance'), 'dark.compact.closed');
    await browser.submit('/settings', { panel: '"><script>' });
    assert.equal(browser.cookie('appearance'), 'dark.compact.people');
  });

  test('The form sets the language, too, if there is such a language.', async (t) => {
    const { url } = await openApp(t);
    const chosen = await post(url, 'theme=system&density=cosy&language=zh');
    const cookies = chosen.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    const html = await page(`${url}/settings`, cookies.join('; '));
    assert.match(html, /<html lang="zh"/);
    assert.match(html, /<option value="zh" lang="zh" selected>/);
    const unknown = await post(url, 'theme=system&density=cosy&language=xx');
    assert.doesNotMatch(unknown.headers.getSetCookie().join(), /language=/);
  });

  test('What is unknown is the default, and no text of a cookie gets into a page.', async (t) => {
    const { url } = await openApp(t);
    const response = await post(url, 'theme=%22onload%3D&density=__proto__');
    assert.match(response.headers.getSetCookie().join(), /appearance=system\.cosy/);
    for (const value of ['"><script>.x', 'dark', '.compact', 'constructor.toString', '%00']) {
      const html = await page(`${url}/settings`, `appearance=${value}`);
      assert.match(html, /data-density="(cosy|compact)"/, value);
      assert.doesNotMatch(html, /<script>/, value);
    }
  });
});
