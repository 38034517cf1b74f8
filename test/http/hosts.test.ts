import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { suite, test } from 'node:test';
import { readHostName, serverNames } from '../../server/http/request/hosts.ts';
import { RefusedHosts } from '../../server/http/request/refused-hosts.ts';
import { join } from '../support/client.ts';
import { type RawResponse, sendRequestBytes } from '../support/raw-response.ts';
import { openApp, spawnServer, suiteApp } from '../support/server.ts';
import { upgradeRequest } from '../support/wire.ts';

const EVIL = 'evil.example';

/** Sends a request of just these lines. */
function send(port: number, ...lines: readonly string[]): Promise<RawResponse> {
  return sendRequestBytes(
    port,
    Buffer.from(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`),
  );
}

/** Requests a WebSocket upgrade with these lines for target and host. */
function upgrade(port: number, target: string, ...hosts: readonly string[]): Promise<RawResponse> {
  const { request } = upgradeRequest(port, target);
  const lines = hosts.map((line) => `${line}\r\n`).join('');
  return sendRequestBytes(port, Buffer.from(request.replace(/Host: .*?\r\n/, lines)));
}

suite('A request for a host', () => {
  const standard = suiteApp();
  const known = suiteApp({
    hosts: new Set(['chat.example', 'school.example', '*.school.example']),
    publicUrl: 'https://here.example',
  });

  for (const host of [
    '127.0.0.1',
    '192.0.2.1:80',
    '[::1]:8888',
    '[2001:db8::1]',
    'localhost',
    'LOCALHOST:8888',
    'localhost.',
    'a.b.localhost',
    hostname(),
    `${hostname().split('.')[0]}.local`,
    'chat.example:8080',
    'school.example',
    'room.school.example',
    'here.example',
  ]) {
    test(`that is ours is answered: ${host}`, async () => {
      assert.equal((await send(known.port, 'GET / HTTP/1.1', `Host: ${host}`)).status, 200);
    });
  }

  for (const host of [
    EVIL,
    `127.0.0.1.${EVIL}`,
    `localhost.${EVIL}`,
    'xlocalhost',
    '.localhost.evil',
    'chat.example.evil',
    'xschool.example',
    `a.${hostname()}`,
  ]) {
    test(`that is not ours is refused with 421: ${host}`, async () => {
      const { status, body } = await send(known.port, 'GET / HTTP/1.1', `Host: ${host}`);
      assert.equal(status, 421);
      assert.match(body, new RegExp(`^This server doesn't recognize .* --hosts ${host}\\.\\n$`));
    });
  }

  test('that is not ours is refused at every endpoint, before anything else', async (t) => {
    const { port } = await openApp(t, { serverPassword: 'word', trustProxy: 1 });
    const host = [`Host: ${EVIL}`, 'X-Forwarded-Host: localhost'];
    for (const line of [
      'GET /',
      'GET /icon.svg',
      'GET /rooms/lobby/events',
      'GET /rooms/lobby/messages?after=x',
      'GET /rooms/lobby/files/x',
      'HEAD /rooms/a/messages',
      'POST /password',
      'POST /rooms/lobby/messages',
      'OPTIONS /',
      'TRACE /',
    ]) {
      const { status, headers } = await send(port, `${line} HTTP/1.1`, ...host);
      assert.equal(status, 421, line);
      assert.equal(headers.get('set-cookie'), undefined, line);
    }
    for (const path of ['/chat', '/rooms/lobby/live', '/nowhere']) {
      assert.equal((await upgrade(port, path, ...host)).status, 421, path);
    }
  });

  test('is refused if its name was rebound to this address, although the origin is the same', async () => {
    const { port } = standard;
    const rebound = [
      `Host: ${EVIL}:${port}`,
      `Origin: http://${EVIL}:${port}`,
      'Sec-Fetch-Site: same-origin',
    ];
    for (const line of ['GET /rooms/lobby/messages', 'POST /guests', 'POST /rooms/a/messages']) {
      assert.equal((await send(port, `${line} HTTP/1.1`, ...rebound)).status, 421, line);
    }
    assert.equal((await upgrade(port, '/chat', ...rebound)).status, 421);
  });

  test('is judged by its absolute target, not by the header', async () => {
    const { port } = standard;
    for (const [target, host, status] of [
      [`http://${EVIL}/`, 'localhost', 421],
      ['http://localhost/', EVIL, 200],
      [`https://127.0.0.1:1/`, EVIL, 200],
      [`http://localhost@${EVIL}/`, 'localhost', 400],
      ['http://user@localhost/', 'localhost', 400],
    ] as const) {
      const { status: seen } = await send(port, `GET ${target} HTTP/1.1`, `Host: ${host}`);
      assert.equal(seen, status, target);
    }
    assert.equal((await upgrade(port, `http://${EVIL}/chat`, 'Host: localhost')).status, 421);
    const { request } = upgradeRequest(port, `http://localhost:${port}/chat`, {
      Host: EVIL,
      Origin: `http://${EVIL}`,
    });
    assert.equal(
      (await sendRequestBytes(port, Buffer.from(request))).status,
      403,
      'so is the same origin',
    );
  });

  for (const [what, lines] of [
    ['none', []],
    ['two', ['Host: localhost', 'Host: localhost']],
    ['two in different case', ['host: localhost', 'HOST: evil.example']],
    ['an empty one', ['Host:']],
    ['a user', ['Host: localhost@evil.example']],
    ['a path', ['Host: localhost/x']],
    ['an invalid port', ['Host: localhost:port']],
    ['a list', ['Host: localhost, evil.example']],
    ['an invalid address', ['Host: [::1']],
    ['a name that is too long', [`Host: ${'x.'.repeat(127)}localhost`]],
  ] as const) {
    test(`must name the host: ${what} is a 400`, async () => {
      const { port } = standard;
      assert.equal((await send(port, 'GET / HTTP/1.1', ...lines)).status, 400);
      assert.equal((await send(port, 'GET /rooms/a/events HTTP/1.1', ...lines)).status, 400);
      assert.equal((await upgrade(port, '/chat', ...lines)).status, 400);
    });
  }

  test('need not name the host over HTTP/1.0, as health checks do', async () => {
    const { port } = standard;
    assert.equal((await send(port, 'GET / HTTP/1.0')).status, 200);
    assert.equal((await send(port, 'GET / HTTP/1.0', `Host: ${EVIL}`)).status, 421);
  });
});

test('A page at the public URL may use the server, whatever a proxy makes of Host', async (t) => {
  const { port } = await openApp(t, { publicUrl: 'https://chat.example' });
  const Origin = 'https://chat.example';
  await join(t, port, '/chat', { headers: { Origin } });
  const posted = await fetch(`http://127.0.0.1:${port}/guests`, {
    method: 'POST',
    headers: { Origin },
  });
  assert.equal(posted.status, 201);
});

suite('The name of a host', () => {
  for (const [text, name] of [
    ['Chat.Example', 'chat.example'],
    [' chat.example. ', 'chat.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['*.chat.example', '*.chat.example'],
    ['chat.example:80', undefined],
    ['https://chat.example', undefined],
    ['chat.example/x', undefined],
    ['*', undefined],
    ['chat.*', undefined],
    ['', undefined],
  ] as const) {
    test(`is parsed from "${text}": ${name}`, () => assert.equal(readHostName(text), name));
  }

  for (const [machine, names] of [
    ['Pc', ['pc', 'pc', 'pc.local']],
    ['mac.local', ['mac.local', 'mac', 'mac.local']],
    ['www.school.example', ['www.school.example', 'www', 'www.local']],
    ['', []],
  ] as const) {
    test(`is one of the names of the machine: "${machine}"`, () => {
      const started = { host: undefined, publicUrl: undefined, hosts: [] };
      assert.deepEqual(serverNames(started, machine), names);
    });
  }

  test('is the listening address, a well-known name, or a configured one', () => {
    const started = {
      host: 'Pc.lan',
      publicUrl: 'https://chat.example:8443',
      hosts: ['*.a.example'],
    };
    assert.deepEqual(serverNames(started, ''), ['pc.lan', 'chat.example', '*.a.example']);
  });
});

suite('The log names a refused host', () => {
  test('once, and how to allow it', async (t) => {
    const server = spawnServer(t, ['--port', '0', '--data', ':memory:']);
    const port = await server.listening();
    for (let n = 0; n < 3; n += 1) await send(port, 'GET / HTTP/1.1', `Host: ${EVIL}:${port}`);
    await upgrade(port, '/chat', `Host: ${EVIL}`);
    await server.end('SIGTERM');
    const lines = server.linesAfterStart;
    assert.equal(lines.length, 1, server.output);
    assert.match(
      lines[0] ?? '',
      /"code":"unknown-host","host":"evil.example".*--hosts evil.example/,
    );
  });

  test('for twenty hosts at once, and for one more per minute', () => {
    let now = 0;
    const logged: string[] = [];
    const warn = ({ host }: { readonly host: string }) => logged.push(host);
    const hosts = new RefusedHosts({ warn } as never, () => now);
    for (let n = 0; n < 100; n += 1) hosts.report(`${n}.example`);
    assert.equal(logged.length, 20);
    now = 60_000;
    for (const host of ['0.example', 'a.example', 'b.example']) hosts.report(host);
    assert.deepEqual(logged.slice(20), ['a.example']);
  });
});
