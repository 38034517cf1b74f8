import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, test } from 'node:test';
import { join } from '../support/client.ts';
import { post, transports } from '../support/listeners.ts';
import { openApp, temporaryFolder } from '../support/server.ts';

const TOKEN = 'a token of sixteen';

/** The samples of a text in Prometheus's format; everything in it has to be one, or a comment. */
function parse(text: string): ReadonlyMap<string, number> {
  const lines = text.trimEnd().split('\n');
  const samples = lines.filter(
    (line) => !/^# (HELP|TYPE) typhoon_|^# (HELP|TYPE) process_/.test(line),
  );
  return new Map(
    samples.map((line) => {
      const [, name = '', value] = /^([a-z_]+(?:\{[^}]*\})?) (-?[\d.e+-]+)$/.exec(line) ?? [];
      assert.ok(name && Number.isFinite(Number(value)), line);
      return [name, Number(value)];
    }),
  );
}

async function read(port: number): Promise<ReadonlyMap<string, number>> {
  const headers = { Authorization: `Bearer ${TOKEN}` };
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers });
  assert.equal(response.status, 200);
  return parse(await response.text());
}

suite('/metrics', () => {
  test('counts what happened, in the format of Prometheus.', async (t) => {
    const app = await openApp(t, { metricsToken: TOKEN, data: temporaryFolder(t) });
    const { port } = app;
    const listeners = await Promise.all(
      transports.map(({ listen }) => listen(t, port, 'class').then((one) => one.untilLive())),
    );
    for (let n = 0; n < 3; n += 1) await post(port, 'class', `${n}`);
    await Promise.all(listeners.map((one) => one.until(() => one.bodies.length === 3)));
    await fetch(`http://127.0.0.1:${port}/rooms/class/messages?after=nonsense`);
    await fetch(`http://127.0.0.1:${port}/not-there`);
    await post(port, 'class', '');
    const before = await read(port);
    assert.equal(before.get('typhoon_waiters{transport="websocket"}'), 2);
    assert.equal(before.get('typhoon_waiters{transport="sse"}'), 2);
    assert.equal(before.get('typhoon_waiters_catching_up'), 0);
    assert.equal(before.get('typhoon_messages_total'), 3);
    assert.ok(Number(before.get('typhoon_deliveries_total')) >= 12);
    assert.equal(before.get('typhoon_commit_events_sum'), before.get('typhoon_log_head'));
    assert.equal(
      before.get('typhoon_commit_seconds_bucket{le="+Inf"}'),
      before.get('typhoon_commit_seconds_count'),
    );
    assert.equal(before.get('typhoon_errors_total{code="invalid-cursor"}'), 1);
    assert.equal(before.get('typhoon_errors_total{code="not-found"}'), 1);
    assert.ok(Number(before.get('typhoon_sent_bytes_total')) > 1_000);
    assert.ok(Number(before.get('typhoon_file_bytes{file="chat.sqlite"}')) > 0);
    assert.ok(Number(before.get('typhoon_disk_free_bytes')) > 0);

    for (const one of listeners) one.stop();
    const cursor = listeners[0]?.cursor;
    await join(t, port, `/rooms/class/live?after=${cursor}`);
    await join(t, port, '/rooms/class/live?after=other.1');
    const known = await fetch(`http://127.0.0.1:${port}/rooms/class/messages`);
    const headers = { 'If-None-Match': known.headers.get('etag') ?? '' };
    await fetch(`http://127.0.0.1:${port}/rooms/class/messages`, { headers });
    const after = await read(port);
    const grown = (name: string) => Number(after.get(name)) - Number(before.get(name));
    assert.ok(grown('typhoon_resumes_total') >= 1);
    assert.equal(grown('typhoon_resets_total'), 1);
    assert.ok(grown('typhoon_not_modified_total') >= 1);
  });

  test('is for those with the token, and exists only with one.', async (t) => {
    const [open, closed] = [await openApp(t, { metricsToken: TOKEN }), await openApp(t)];
    const status = async (port: number, headers: Readonly<Record<string, string>> = {}) =>
      (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).status;
    assert.equal(await status(open.port), 401);
    assert.equal(await status(open.port, { Authorization: 'Bearer a token of sixteeX' }), 401);
    assert.equal(await status(closed.port), 404);
    assert.equal(await status(closed.port, { Authorization: 'Bearer undefined' }), 404);
  });

  test('is at an address of its own, without the pages, and ends with the server.', async (t) => {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as AddressInfo;
    const address = { host: '127.0.0.1', port };
    await assert.rejects(openApp(t, { metrics: address }), {
      name: 'StartupError',
      message: `Cannot serve metrics on 127.0.0.1, port ${port}: EADDRINUSE.`,
    });
    await new Promise((resolve) => probe.close(resolve));
    const app = await openApp(t, { metrics: address });
    const at = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    assert.ok(parse(await (await at('/metrics')).text()).has('typhoon_messages_total'));
    assert.deepEqual([(await at('/up')).status, (await at('/rooms/class')).status], [200, 404]);
    assert.equal((await fetch(`${app.url}/metrics`)).status, 404);
    await app.close();
    await assert.rejects(at('/metrics'));
  });

  test('has every metric that the board for Grafana shows.', async (t) => {
    const { port } = await openApp(t, { metricsToken: TOKEN, data: temporaryFolder(t) });
    await post(port, 'class', '');
    const names = [...(await read(port)).keys()].map((name) => name.replace(/\{.*/, ''));
    const board = readFileSync(new URL('../../docs/grafana.json', import.meta.url), 'utf8');
    const { panels } = JSON.parse(board) as { panels: { targets: { expr: string }[] }[] };
    const shown = panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => expr.match(/\b(?:typhoon|process)_[a-z_]+/g) ?? []),
    );
    assert.ok(shown.length > 10);
    // Those of a cluster are compared in test/cluster/heartbeats.test.ts.
    const own = shown.filter((name) => !name.startsWith('typhoon_cluster_'));
    const unknown = own.filter((name) => !names.includes(name));
    assert.deepEqual(unknown, []);
  });
});

suite('/up', () => {
  test('answers without a session, a password or a cookie, and says nothing else.', async (t) => {
    const { port } = await openApp(t, { serverPassword: 'a secret' });
    const response = await fetch(`http://127.0.0.1:${port}/up`);
    assert.deepEqual([response.status, await response.text()], [200, 'ok\n']);
    assert.equal(response.headers.get('set-cookie'), null);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const ready = await fetch(`http://127.0.0.1:${port}/ready`);
    assert.deepEqual([ready.status, await ready.text()], [200, 'ok\n']);
    const head = await fetch(`http://127.0.0.1:${port}/up`, { method: 'HEAD' });
    assert.equal(head.status, 200);
  });
});
