import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, isIPv4, isIPv6 } from 'node:net';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { clientAddress } from '../../server/http/request/client-address.ts';

/** A request of a peer, and the addresses that it forwards. */
function request(remoteAddress: string | undefined, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return { headers, socket: { remoteAddress } } as unknown as IncomingMessage;
}

suite('The address of a client', () => {
  test('is the address of its connection without a proxy, whatever its headers contain', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (forwarded) => {
        assert.equal(clientAddress(request('192.0.2.1', forwarded), 0), '192.0.2.1');
      }),
    );
  });

  test('is the one that the farthest trusted proxy received the request from', () => {
    const forwarded = '9.9.9.9, 203.0.113.7,198.51.100.2 , 198.51.100.1';
    for (const [hops, address] of [
      [0, '192.0.2.1'],
      [1, '198.51.100.1'],
      [2, '198.51.100.2'],
      [3, '203.0.113.7'],
      [10, '9.9.9.9'],
    ] as const) {
      assert.equal(clientAddress(request('192.0.2.1', forwarded), hops), address, `${hops} hops`);
    }
    assert.equal(clientAddress(request('192.0.2.1'), 1), '192.0.2.1', 'nothing was forwarded');
  });

  test('is the last trusted one if what that forwarded is not an address', () => {
    for (const [forwarded, address] of [
      ['nonsense', '192.0.2.1'],
      ['203.0.113.7, unknown', '192.0.2.1'],
      ['203.0.113.7, 300.1.1.1', '192.0.2.1'],
      ['<script>, 198.51.100.1', '198.51.100.1'],
      [',,  ,', '192.0.2.1'],
      ['', '192.0.2.1'],
    ] as const) {
      assert.equal(clientAddress(request('192.0.2.1', forwarded), 2), address, forwarded);
    }
  });

  test('is one for a household, however it is written', () => {
    for (const [address, key] of [
      ['::ffff:192.0.2.1', '192.0.2.1'],
      ['::FFFF:c000:0201', '192.0.2.1'],
      ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
      ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
      ['2001:0DB8:0000:0001:ffff:ffff:ffff:ffff', '2001:db8:0:1::/64'],
      ['2001:db8::7', '2001:db8::/64'],
      ['::1', '::/64'],
      ['fe80::1%eth0', 'fe80::/64'],
      ['fe80::1%wlan-0.1:2', 'fe80::/64'],
      ['::ffff:192.0.2.1%eth0', '192.0.2.1'],
      ['64:ff9b::192.0.2.1', '64:ff9b::/64'],
      ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::/64'],
      ['1:0:0:2::', '1:0:0:2::/64'],
      ['0:0:0:1::', '0:0:0:1::/64'],
      ['::', '::/64'],
    ] as const) {
      assert.equal(clientAddress(request(address), 0), key, address);
      assert.equal(clientAddress(request('192.0.2.9', address), 1), key, `${address}, forwarded`);
    }
  });

  test('is the same for every address of a /64, and another for the next /64', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16));
    const groups = (length: number) => fc.array(group, { minLength: length, maxLength: length });
    fc.assert(
      fc.property(groups(4), groups(4), groups(4), ([first = '0', ...rest], host, other) => {
        const key = (part: readonly string[], start = first) =>
          clientAddress(request([start, ...rest, ...part].join(':')), 0);
        fc.pre(first !== '0');
        assert.equal(key(host), key(other));
        const next = ((parseInt(first, 16) % 0xffff) + 1).toString(16);
        fc.pre(next !== first);
        assert.notEqual(key(host), key(host, next));
      }),
    );
  });

  test('is found for everything that Node accepts as an IPv6 address', () => {
    const zone = fc.constantFrom('', '%0', '%eth0', '%wlan-0.1:2');
    fc.assert(
      fc.property(fc.ipV6(), zone, (address, suffix) => {
        assert.ok(isIPv6(address + suffix));
        const key = clientAddress(request(address + suffix), 0);
        assert.equal(clientAddress(request(address), 0), key, 'whatever its zone');
        assert.ok(key.endsWith('::/64') ? isIPv6(key.slice(0, -3)) : isIPv4(key), key);
      }),
    );
  });

  test('is empty when the peer is gone', () => {
    assert.equal(clientAddress(request(undefined), 0), '');
  });

  test('is read from a real request with several header lines', async (t) => {
    const keys: string[] = [];
    const server = createServer((incoming, response) => {
      keys.push(...[0, 1, 2].map((hops) => clientAddress(incoming, hops)));
      response.end();
    }).listen(0);
    t.after(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const headers = { 'X-Forwarded-For': ['203.0.113.7', '2001:db8::1'] };
    await once(get({ port, host: '127.0.0.1', headers, agent: false }), 'response');
    assert.deepEqual(keys, ['127.0.0.1', '2001:db8::/64', '203.0.113.7']);
  });
});
