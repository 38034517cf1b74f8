import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { suite, test } from 'node:test';
import { JoinOrigins } from '../../server/http/join-origins.ts';
import { type NetworkInterfaces, networkHosts } from '../../server/http/network-addresses.ts';
import { isLoopbackHost } from '../../server/shared/loopback.ts';
import { interfaceAddress } from '../support/networks.ts';
import { sendRequestBytes } from '../support/raw-response.ts';
import { openApp, suiteApp } from '../support/server.ts';

const everywhere: AddressInfo = { address: '::', family: 'IPv6', port: 8888 };

const laptop: NetworkInterfaces = {
  lo: [interfaceAddress('127.0.0.1', true), interfaceAddress('::1', true)],
  docker0: [interfaceAddress('172.17.0.1')],
  'br-0123456789ab': [interfaceAddress('172.18.0.1')],
  wg0: [interfaceAddress('10.8.0.2')],
  wlan0: [
    interfaceAddress('fe80::1'),
    interfaceAddress('2001:db8:1::1'),
    interfaceAddress('fd00::1'),
    interfaceAddress('192.168.1.5'),
  ],
  eth0: [interfaceAddress('169.254.7.7'), interfaceAddress('10.0.0.3')],
  br0: [interfaceAddress('10.1.0.1')],
};

suite('The hosts under which other machines reach the server', () => {
  test('are those of its networks: IPv4 first, private networks after others, none of containers', () => {
    const hosts = networkHosts(everywhere, undefined, laptop);
    assert.deepEqual(hosts, ['192.168.1.5', '10.0.0.3', '10.1.0.1', '10.8.0.2', '[2001:db8:1::1]']);
  });

  test('are IPv4 alone where it listens on 0.0.0.0', () => {
    const bound = { address: '0.0.0.0', family: 'IPv4', port: 1 };
    assert.deepEqual(networkHosts(bound, '0.0.0.0', laptop).length, 4);
  });

  for (const [address, host, expected] of [
    ['127.0.0.1', '127.0.0.1', []],
    ['127.0.0.1', 'localhost', []],
    ['::1', '::1', []],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1', []],
    ['fe80::1%eth0', 'fe80::1%eth0', []],
    ['192.168.1.5', '192.168.1.5', ['192.168.1.5']],
    ['192.168.1.5', 'chat.school', ['chat.school']],
    ['fd00::1', 'fd00::1', ['[fd00::1]']],
  ] as const) {
    test(`are ${expected.join() || 'none'} where it listens on ${host}`, () => {
      const family = address.includes(':') ? 'IPv6' : 'IPv4';
      assert.deepEqual(networkHosts({ address, family, port: 1 }, host, laptop), expected);
    });
  }

  test('are none without a network', () => {
    const lo = [interfaceAddress('127.0.0.1', true), interfaceAddress('::1', true)];
    assert.deepEqual(networkHosts(everywhere, undefined, { lo }), []);
    assert.deepEqual(networkHosts(everywhere, undefined, { lo, eth0: undefined }), []);
  });
});

test('The origins for others follow the networks of the machine, which are read once in a while', () => {
  let now = 0;
  let reads = 0;
  let interfaces: NetworkInterfaces = {};
  const read = () => {
    reads += 1;
    return interfaces;
  };
  const config = { publicUrl: undefined, host: undefined, tlsCert: undefined };
  const origins = new JoinOrigins(config, read, () => now);
  assert.deepEqual(origins.all, [], 'before it listens');
  origins.bound = everywhere;
  assert.deepEqual(origins.all, []);
  interfaces = { wlan0: [interfaceAddress('192.168.1.5')] };
  assert.deepEqual(origins.all, []);
  now += 5_001;
  assert.deepEqual(origins.all, ['http://192.168.1.5:8888']);
  assert.deepEqual(origins.all, ['http://192.168.1.5:8888']);
  assert.equal(reads, 2);
  origins.bound = { ...everywhere, port: 80 };
  now += 5_001;
  assert.deepEqual(origins.all, ['http://192.168.1.5'], 'without the port of the scheme');
});

test('A loopback host is known however it is written', () => {
  for (const host of [
    'localhost',
    'LOCALHOST',
    'a.localhost',
    '127.1',
    '127.0.0.1',
    '[::1]',
    '0',
  ]) {
    assert.ok(isLoopbackHost(new URL(`http://${host}:8888/`).hostname), host);
  }
  for (const host of ['10.0.0.1', 'localhost.example', '128.0.0.1', '[::2]', 'xlocalhost']) {
    assert.ok(!isLoopbackHost(new URL(`http://${host}/`).hostname), host);
  }
});

/** The origins that a page of the room offers. */
async function offered(url: string, headers: Record<string, string> = {}): Promise<string[]> {
  const html = await (await fetch(url, { headers })).text();
  return [...html.matchAll(/<option value="(https?:[^"]*)"/g)].map(([, origin]) => origin ?? '');
}

suite('A page that shows how to join', () => {
  const published = suiteApp({ publicUrl: 'https://chat.example' });

  for (const path of ['/', '/rooms/a', '/rooms/a/present']) {
    test(`has the public URL, wherever it was opened: ${path}`, async () => {
      assert.deepEqual(await offered(published.url + path), ['https://chat.example']);
    });
  }

  test('has the addresses of the machine, at which the server answers', async (t) => {
    const config = { host: '0.0.0.0' };
    const { port, joinOrigins } = await openApp(t, config, {}, { interfaces: () => laptop });
    const expected = ['192.168.1.5', '10.0.0.3', '10.1.0.1', '10.8.0.2'];
    const origins = await offered(`http://localhost:${port}/`);
    assert.deepEqual(
      origins,
      expected.map((host) => `http://${host}:${port}`),
    );
    assert.deepEqual(origins, joinOrigins.all);
    for (const origin of origins) {
      const { host } = new URL(origin);
      const { status } = await sendRequestBytes(
        port,
        Buffer.from(`GET / HTTP/1.0\r\nHost: ${host}\r\n\r\n`),
      );
      assert.equal(status, 200, host);
    }
  });

  test('says why others cannot join where the server listens on this machine only', async (t) => {
    const { url } = await openApp(t);
    assert.deepEqual(await offered(`${url}/`), []);
    assert.match(await (await fetch(`${url}/`)).text(), /start it without --host/i);
  });

  test('does not show the addresses of the machine to other machines', async (t) => {
    const { port } = await openApp(t, { host: '0.0.0.0', trustProxy: 1 });
    const other = { 'X-Forwarded-For': '192.0.2.1' };
    assert.deepEqual(await offered(`http://localhost:${port}/`, other), []);
  });
});
