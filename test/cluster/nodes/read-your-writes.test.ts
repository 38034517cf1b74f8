import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { openOneNats, SECRET } from '../../support/cluster.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';

const PAGE = { Accept: 'text/html' };

async function postForm(url: string): Promise<Response> {
  const body = new URLSearchParams({ message: 'from a form' });
  const headers = { ...PAGE, Origin: url };
  return fetch(`${url}/rooms/class/messages`, {
    method: 'POST',
    body,
    headers,
    redirect: 'manual',
  });
}

/** The name and value of the cookie that says how far the log was. */
function positionIn(response: Response): string | undefined {
  const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '');
  return cookies.find((cookie) => cookie.startsWith('at='));
}

suite('A form that is sent to one node', { timeout: 240_000 }, () => {
  test('is in the page that the next request gets from another, which waits for it', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const cluster = { cluster: urls, secret: SECRET };
    const data = temporaryFolder(scope);
    const one = await openApp(scope, { ...cluster, data: temporaryFolder(scope) });
    const two = await openApp(scope, { ...cluster, data });
    // Opens the room there, so that the next request is answered at once.
    await fetch(`${two.url}/rooms/class`, { headers: PAGE });
    const db = new DatabaseSync(join(data, 'chat.sqlite'));
    scope.after(() => db.close());
    // The other node cannot apply anything now.
    db.exec('BEGIN IMMEDIATE');
    const posted = await postForm(one.url);
    assert.equal(posted.status, 303);
    const cookie = positionIn(posted);
    assert.match(`${cookie}`, /^at=[0-9a-z]+\.\d+$/);
    const without = await fetch(`${two.url}/rooms/class`, { headers: PAGE });
    assert.ok(!(await without.text()).includes('from a form'));
    const headers = { ...PAGE, Cookie: `${cookie}` };
    const requested = fetch(`${two.url}/rooms/class`, { headers });
    db.exec('COMMIT');
    assert.ok((await (await requested).text()).includes('from a form'));
    for (const at of ['at=nonsense', 'at=another.999', `${cookie}99999`]) {
      const page = await fetch(`${two.url}/rooms/class`, { headers: { ...PAGE, Cookie: at } });
      assert.equal(page.status, 200, at);
    }
  });

  test('sets no cookie of that kind where there is no other', async (t) => {
    const { url } = await openApp(t);
    const posted = await postForm(url);
    assert.deepEqual([posted.status, positionIn(posted)], [303, undefined]);
  });
});
