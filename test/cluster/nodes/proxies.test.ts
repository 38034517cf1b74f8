import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../../scripts/free-ports.ts';
import { openOneNats, SECRET } from '../../support/cluster.ts';
import { openApp, type Scope, temporaryFolder } from '../../support/server.ts';
import { createGuest } from '../../support/test-user.ts';
import { uploadFile } from '../../support/uploads.ts';
import { checkingProxies, clusterProxies } from '../support/cluster-proxies.ts';
import { ProcessNode } from '../support/process-node.ts';
import { newToken, ROOM, Sender } from '../support/sender.ts';
import { Witness, type WitnessTransport } from '../support/witness.ts';

const NODES = 3;
const MEGABYTE = Buffer.alloc(1_000_000, 'typhoon ');
const TRANSPORTS: readonly WitnessTransport[] = ['websocket', 'sse', 'long-polling'];
/** Answers to a proxy after which it knows that a node is not up: it has begun the next check. */
const CHECKS = 4;

/** Three nodes behind a proxy; the last one can be killed. */
async function openNodes(t: TestContext) {
  const { urls, scope } = await openOneNats(t);
  const config = { cluster: urls, secret: SECRET, trustProxy: 1 };
  const first = await openApp(scope, { ...config, data: temporaryFolder(scope) });
  const second = await openApp(scope, { ...config, data: temporaryFolder(scope) });
  const port = await freePort();
  const data = temporaryFolder(scope);
  const last = new ProcessNode({ port, data, urls, env: { TRUST_PROXY: '1' } });
  scope.after(() => last.kill());
  last.start();
  await last.whenListening();
  return { scope, last, ports: [first.port, second.port, port] };
}

for (const [name, openProxy] of Object.entries(clusterProxies)) {
  suite(`${name} as configured in docs/cluster.md`, { timeout: 240_000 }, () => {
    test('gives each request to the next node, and nobody notices which one it is.', async (t) => {
      const { scope, ports } = await openNodes(t);
      const proxy = await openProxy(scope, ports);
      const guest = await createGuest(proxy);
      for (let n = 0; n < 2 * NODES; n += 1) {
        const posted = await guest.submit(`/rooms/${ROOM}/messages`, { message: `form ${n}` });
        assert.equal(posted.status, 303, await posted.text());
        const cookies = posted.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]);
        const Cookie = [guest.headers.Cookie, ...cookies].join('; ');
        const page = await guest.get(`/rooms/${ROOM}`, { Cookie, Accept: 'text/html' });
        assert.match(await page.text(), new RegExp(`>form ${n}<`), 'the other node shows it');
      }
      const uploaded = await uploadFile(guest, 'a.bin', MEGABYTE, ROOM);
      assert.equal(uploaded.status, 201, await uploaded.clone().text());
      const { file } = (await uploaded.json()) as { file: { id: string } };
      const post = { message: '', files: [file.id] };
      assert.equal((await guest.post(`/rooms/${ROOM}/messages`, post)).status, 201);
      for (const port of ports) {
        const path = `/rooms/${ROOM}/files/${file.id}`;
        const there = guest.at(port);
        while ((await there.get(path)).status === 404) await wait(20);
      }
      for (let n = 0; n < NODES; n += 1) {
        const download = await guest.get(`/rooms/${ROOM}/files/${file.id}`);
        assert.ok(Buffer.from(await download.arrayBuffer()).equals(MEGABYTE));
      }
    });

    test('lets clients go on at another node where one is killed, without a gap.', async (t) => {
      const { scope, ports, last } = await openNodes(t);
      const proxy = await openProxy(scope, ports);
      const token = await newToken(proxy);
      const witnesses = TRANSPORTS.flatMap((transport) =>
        Array.from({ length: NODES }, () => new Witness(scope, transport, [proxy])),
      );
      for (const witness of witnesses) await witness.start();
      const sender = new Sender('a', 0, token, () => [proxy]);
      scope.after(() => sender.end());
      const more = async (messages: number) => {
        for (const target = sender.acknowledged.length + messages; ; await wait(20))
          if (sender.acknowledged.length >= target) return;
      };
      sender.start();
      await more(20);
      await last.kill();
      await more(20);
      // It is in the proxy's list again as soon as it answers.
      last.start();
      await last.whenUp();
      await more(20);
      await sender.stop();
      for (const witness of witnesses) {
        await witness.until(() => hasAll(witness, sender.acknowledged));
        assert.equal(witness.isReset, false, witness.name);
        assert.deepEqual(witness.bodies, ['hello', ...sender.acknowledged], witness.name);
      }
    });
  });
}

function hasAll(witness: Witness, bodies: readonly string[]): boolean {
  return bodies.every((body) => witness.bodies.includes(body));
}

/** What answers as a node does; with the requests and the checks it has answered. */
async function openStub(t: Scope) {
  const stub = { port: 0, isUp: true, requests: 0, checks: 0 };
  const server = createServer(({ url }, response) => {
    const isCheck = url === '/up';
    stub[isCheck ? 'checks' : 'requests'] += 1;
    response.writeHead(isCheck && !stub.isUp ? 503 : 200).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  stub.port = (server.address() as AddressInfo).port;
  return stub;
}

for (const [name, openProxy] of Object.entries(checkingProxies)) {
  suite(`${name} as configured in docs/cluster.md, that asks the nodes`, {
    timeout: 240_000,
  }, () => {
    async function openStubs(t: TestContext) {
      const stubs = [await openStub(t), await openStub(t), await openStub(t)];
      const proxy = await openProxy(
        t,
        stubs.map(({ port }) => port),
      );
      const request = async () => {
        assert.equal((await fetch(`http://127.0.0.1:${proxy}/rooms/a`)).status, 200);
      };
      const untilChecked = async (down: typeof stubs) => {
        const from = down.map(({ checks }) => checks);
        while (down.some(({ checks }, index) => checks < (from[index] ?? 0) + CHECKS)) {
          await request();
          await wait(20);
        }
      };
      return { stubs, request, untilChecked };
    }

    test('takes out a node that is not up, and puts it back.', async (t) => {
      const { stubs, request, untilChecked } = await openStubs(t);
      const [down] = stubs;
      assert.ok(down);
      down.isUp = false;
      await untilChecked([down]);
      down.requests = 0;
      for (let n = 0; n < 2 * NODES; n += 1) await request();
      assert.equal(down.requests, 0);
      down.isUp = true;
      while (down.requests === 0) await request();
    });

    test('lets users read where none is up: without a quorum, nodes answer all the same.', async (t) => {
      const { stubs, untilChecked, request } = await openStubs(t);
      for (const stub of stubs) stub.isUp = false;
      await untilChecked(stubs);
      for (const stub of stubs) stub.requests = 0;
      for (let n = 0; n < NODES; n += 1) await request();
      assert.deepEqual(
        stubs.map(({ requests }) => requests),
        [1, 1, 1],
      );
    });
  });
}
