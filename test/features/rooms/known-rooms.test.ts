import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { suiteApp } from '../../support/server.ts';

/** The rooms in the sidebar of a page, for a browser with this cookie. */
async function listed(url: string, cookie: string): Promise<readonly string[]> {
  const response = await fetch(url, { headers: { Cookie: cookie, Accept: 'text/html' } });
  const html = await response.text();
  return [...html.matchAll(/data-room="([^"]*)"(?: aria-current="page")?><bdi>/g)].map(
    ([, room = '']) => room,
  );
}

suite('The visited rooms in the sidebar', () => {
  const app = suiteApp();

  test('are those of the cookie and the room itself, in an order that stays as it is', async () => {
    const { url } = app;
    const names = ['物理', 'b', 'a'].map(encodeURIComponent).join('.');
    assert.deepEqual(await listed(`${url}/rooms/c`, `rooms=${names}`), ['a', 'b', 'c', '物理']);
  });

  test('are twelve at most, in a cookie that stays small', async () => {
    const { url } = app;
    let cookie = '';
    for (let n = 0; n < 15; n += 1) {
      const room = encodeURIComponent(`${'房'.repeat(n === 14 ? 36 : 1)}-${n}`);
      const response = await fetch(`${url}/rooms/${room}`, { headers: { Cookie: cookie } });
      const set = response.headers.getSetCookie().find((one) => one.startsWith('rooms='));
      cookie = set?.split(';')[0] ?? cookie;
      assert.ok(cookie.length <= 'rooms='.length + 800, `${cookie.length}`);
    }
    const rooms = await listed(`${url}/rooms/other`, cookie);
    assert.ok(rooms.length <= 13 && rooms.length > 2, `${rooms.length}`);
  });

  test('are no others than a room can be called, whatever the cookie has', async () => {
    const { url } = app;
    for (const value of ['%3Cscript%3E', '%', 'a b', '..', '%00', '%F0%9F%98%80', 'a'.repeat(41)]) {
      assert.deepEqual(await listed(`${url}/rooms/c`, `rooms=${value}`), ['c'], value);
    }
  });

  test('do not include a room that another site led to', async () => {
    const cookies = async (site: string) => {
      const response = await fetch(`${app.url}/rooms/secret`, {
        headers: { 'Sec-Fetch-Site': site },
      });
      return response.headers.getSetCookie().filter((cookie) => cookie.startsWith('rooms='));
    };
    assert.deepEqual(await cookies('cross-site'), []);
    assert.equal((await cookies('same-origin')).length, 1);
  });
});
