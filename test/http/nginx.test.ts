import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { join } from '../support/client.ts';
import { openNginx } from '../support/nginx.ts';
import { openApp } from '../support/server.ts';
import { createGuest } from '../support/test-user.ts';

/** The nginx configuration of docs/deployment.md, with the address of the server replaced. */
function documented(): string {
  const page = readFileSync(new URL('../../docs/deployment.md', import.meta.url), 'utf8');
  const [, location] = /```nginx\nlocation \/ \{\n(.*?)\n\}\n```/s.exec(page) ?? [];
  assert.ok(location);
  return location.replace(/^\s*proxy_pass .*$/m, '');
}

suite('nginx as configured in docs/deployment.md', () => {
  test('forwards a file of 2 MB, and a WebSocket', async (t) => {
    const { port } = await openApp(t, { trustProxy: 1 });
    const proxy = Number(new URL(await openNginx(t, port, documented())).port);
    const ann = await createGuest(proxy);
    const response = await fetch(`http://127.0.0.1:${proxy}/rooms/a/files?name=a.bin`, {
      method: 'POST',
      headers: { ...ann.headers, Accept: 'application/json' },
      body: Buffer.alloc(2_000_000),
    });
    assert.equal(response.status, 201, await response.text());
    const client = await join(t, proxy, '/chat');
    await client.waitForFrames(1);
  });

  test("leaves the limit of a file's size to the server, which explains it", async (t) => {
    const { port } = await openApp(t, { trustProxy: 1, maxUploadMiB: 1 });
    const url = await openNginx(t, port, documented());
    const response = await fetch(`${url}/rooms/a/files?name=a.bin`, {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: Buffer.alloc(1_100_000),
    });
    assert.equal(response.status, 413);
    const { error } = (await response.json()) as { error: { code: string } };
    assert.equal(error.code, 'file-too-large');
  });
});
