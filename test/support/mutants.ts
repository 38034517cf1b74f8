import fc from 'fast-check';
import { hostileRequest, requestBytes } from './hostile.ts';
import { clientFrame, OPCODE, upgradeRequest } from './wire.ts';

/** Bytes for a TCP socket: nearly valid requests, and others. */

const SMUGGLED = [
  'Content-Length: 5\r\nContent-Length: 6',
  'Content-Length: 5\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\tchunked',
  'Content-Length: +5',
  'Content-Length: 0x5',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Content-Length:',
  'Host: localhost\r\nHost: y',
  'Connection: close, upgrade, keep-alive',
  'Connection: content-length',
  'Expect: 100-continue',
  'Expect: 200-ok',
  'Upgrade: h2c\r\nHTTP2-Settings: AAA',
  ' folded: x',
  'X: a\0b',
  'X: a\nY: b',
  ': x',
  'x',
] as const;

const BODIES = [
  '',
  'hello',
  '0\r\n\r\n',
  '5\r\nhello\r\n0\r\n\r\n',
  'ffffffffffffffffff\r\n',
  '5;a=b\r\nhello\r\n0\r\nTrailer: x\r\n\r\n',
  '0\r\n\r\nGET /rooms/lobby HTTP/1.1\r\nHost: localhost\r\n\r\n',
] as const;

const smuggling = fc
  .tuple(
    fc.constantFrom('GET /', 'POST /rooms/lobby/messages', 'GET /rooms/a/events', 'CONNECT x:1'),
    fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'http/1.1', ''),
    fc.array(fc.constantFrom(...SMUGGLED), { maxLength: 3 }),
    fc.constantFrom(...BODIES),
  )
  .map(([line, version, lines, body]) => {
    const headers = ['Host: localhost', 'Content-Type: application/json', ...lines].join('\r\n');
    return Buffer.from(`${line} ${version}\r\n${headers}\r\n\r\n${body}`);
  });

const upgrade = fc
  .record({
    path: fc.constantFrom('/chat', '/rooms/a/live', '/rooms/a/events', '/nowhere', '/%'),
    headers: fc.dictionary(
      fc.constantFrom(
        'Upgrade',
        'Connection',
        'Sec-WebSocket-Version',
        'Sec-WebSocket-Key',
        'Sec-WebSocket-Protocol',
        'Sec-WebSocket-Extensions',
        'Content-Length',
        'Transfer-Encoding',
        'Origin',
      ),
      fc.oneof(
        fc.constantFrom('', '0', '5', '13', '8', 'json, json', 'html,token.', 'chunked', 'upgrade'),
        fc.constantFrom('websocket, h2c', 'permessage-deflate; server_max_window_bits=1', '=;,'),
        fc.string({ maxLength: 20 }),
      ),
      { maxKeys: 3 },
    ),
    after: fc.oneof(
      fc.constant(Buffer.alloc(0)),
      fc.constant(clientFrame(OPCODE.ping, 'x')),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    ),
  })
  .map(({ path, headers, after }) =>
    Buffer.concat([Buffer.from(upgradeRequest(1, path, headers).request, 'latin1'), after]),
  );

const noise = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes));

/** Which two or three bytes are changed, and where it is cut. */
const damage = fc.record({
  flips: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 3 }),
  cut: fc.option(fc.nat()),
});

const damaged = fc
  .tuple(fc.oneof(hostileRequest.map(requestBytes), smuggling, upgrade), damage)
  .map(([bytes, { flips, cut }]) => {
    const all = Buffer.from(bytes);
    for (const [offset, bits] of flips) {
      const index = offset % all.length;
      all[index] = (all[index] ?? 0) ^ bits;
    }
    return cut === null ? all : all.subarray(0, cut % all.length);
  });

/** Pipelined requests on one connection. */
const pipelined = fc
  .array(fc.oneof(hostileRequest.map(requestBytes), smuggling, upgrade), { maxLength: 6 })
  .map((all) => Buffer.concat(all));

export const hostileBytes: fc.Arbitrary<Buffer> = fc.oneof(
  noise,
  smuggling,
  upgrade,
  damaged,
  pipelined,
);
