import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { post, transports } from '../support/listeners.ts';
import { proxies } from '../support/proxies.ts';
import { openApp, suiteApp } from '../support/server.ts';
import { createGuest } from '../support/test-user.ts';

const app = suiteApp({ trustProxy: 1 });
const MEGABYTES_10 = Buffer.alloc(10_000_000, 'typhoon ');

test('A connection of a proxy stays open for longer than the proxy keeps it.', async (t) => {
  const { url } = await openApp(t, {}, { idleTimeoutMs: 5_000 });
  const keptOpen = async (at: string) => (await fetch(`${at}/up`)).headers.get('keep-alive');
  assert.equal(await keptOpen(url), 'timeout=5');
  assert.equal(await keptOpen(app.url), 'timeout=125');
});

for (const [name, openProxy] of Object.entries(proxies)) {
  suite(`${name} as configured in docs/deployment.md`, () => {
    test('forwards a file of 10 MB, and every transport as it comes.', async (t) => {
      const { port, room } = app.newRoom();
      const proxy = await openProxy(t, port);
      const guest = await createGuest(proxy);
      const path = `http://127.0.0.1:${proxy}/rooms/${room}/files`;
      const upload = await fetch(`${path}?name=a.bin`, {
        method: 'POST',
        headers: { ...guest.headers, Accept: 'application/json' },
        body: MEGABYTES_10,
      });
      assert.equal(upload.status, 201, await upload.clone().text());
      const { file } = (await upload.json()) as { file: { id: string } };
      const posted = await guest.post(`/rooms/${room}/messages`, { message: '', files: [file.id] });
      assert.equal(posted.status, 201, await posted.text());
      const download = await guest.get(`/rooms/${room}/files/${file.id}`);
      assert.ok(Buffer.from(await download.arrayBuffer()).equals(MEGABYTES_10));

      const json = transports.filter(({ type }) => type === 'json');
      const listeners = await Promise.all(
        json.map(({ listen }) => listen(t, proxy, room).then((one) => one.untilLive())),
      );
      // Each stream stays open: a proxy that buffers would not pass these on.
      for (const text of ['first', 'second']) {
        assert.ok((await post(proxy, room, text)).ok);
        await Promise.all(listeners.map((one) => one.until(() => one.bodies.includes(text))));
      }
      for (const one of listeners) one.stop();
    });

    test('passes on who the client is, whatever the client claims.', async (t) => {
      const { port } = app.newRoom();
      const proxy = await openProxy(t, port);
      // From elsewhere, a page opened at localhost would not show the addresses of the machine.
      const page = await fetch(`http://127.0.0.1:${proxy}/rooms/a`, {
        headers: { 'X-Forwarded-For': '198.51.100.7', 'X-Forwarded-Proto': 'https' },
      });
      assert.equal(page.status, 200);
      assert.doesNotMatch(String(page.headers.get('set-cookie')), /__Host-/);
    });
  });
}

test("nginx leaves the limit of a file's size to the server, which explains it.", async (t) => {
  const { port } = await openApp(t, { trustProxy: 1, maxUploadMiB: 1 });
  const proxy = await proxies.nginx?.(t, port);
  const response = await fetch(`http://127.0.0.1:${proxy}/rooms/a/files?name=a.bin`, {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: Buffer.alloc(1_100_000),
  });
  assert.equal(response.status, 413);
  const { error } = (await response.json()) as { error: { code: string } };
  assert.equal(error.code, 'file-too-large');
});
