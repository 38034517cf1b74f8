import fc from 'fast-check';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';

/** Hostile input: arbitraries of texts, of parts of a request, and of whole requests. */

const visible = character(0x21, 0x7e);

/** A byte that is allowed in a header value, as a character. */
const octet = fc.oneof(visible, character(0xa1, 0xff));

function character(min: number, max: number): fc.Arbitrary<string> {
  return fc.integer({ min, max }).map((code) => String.fromCharCode(code));
}

const NASTY = [
  '',
  ' ',
  '.',
  '..',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '-1',
  '0',
  '1e9',
  '9007199254740993',
  '9'.repeat(400),
  'true',
  '\0',
  'a\r\nSet-Cookie: a=b',
  '\ud800',
  'x\udc00y',
  '\u202egnp.exe',
  'Z\u0351\u036b\u0343\u036a'.repeat(50),
  '<script>alert(1)</script>',
  `"'><img src=x onerror=alert(1)>`,
  '<%= process.exit() %>',
  "' OR 1=1 --",
  '%s%n%d',
  'javascript:alert(1)',
  '//evil.example',
  '\\\\evil.example\\x',
  'abcdefabcdef.0',
  'abcdefabcdef.999999999999999',
  'zh',
  ...[
    'presence',
    'typing',
    'edit',
    'react',
    'delete',
    'set-topic',
    'set-password',
    'clear-history',
    'delete-room',
    'ban',
    'transfer-ownership',
    'on',
  ],
  '2a1f5c9e-7d0b-4c3a-9e8f-1b2c3d4e5f60',
  'x'.repeat(4_001),
  '\u{1f300}'.repeat(2_000),
] as const;

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: character(0, 0xffff) }),
);

/** Any JSON, as text, and texts that are almost JSON. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  fc.json(),
  fc.constantFrom(
    '',
    '{',
    '[1,]',
    '1e999',
    '"\\ud800"',
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    '{"a":'.repeat(10_000),
    '{"__proto__":{"message":"x"}}',
    '{"constructor":{"prototype":{"message":"x"}}}',
    '{"message":{"toString":"x","valueOf":1}}',
    `{"message":[${'"x",'.repeat(9_000)}"x"]}`,
    `[${'{"message":1},'.repeat(4_000)}0]`,
  ),
);

/** Part of a URL: encoded, half encoded, encoded twice, or with invalid escapes. */
const hostileCode: fc.Arbitrary<string> = fc.oneof(
  hostileText.map((text) => encodeURIComponent(text.toWellFormed())),
  hostileText.map((text) => encodeURIComponent(encodeURIComponent(text.toWellFormed()))),
  fc
    .uint8Array({ maxLength: 30 })
    .map((bytes) => Buffer.from(bytes).toString('hex'))
    .map(byByte),
  fc.constantFrom(
    '%',
    '%zz',
    '%00',
    '%ff',
    '%c0%af',
    '%ed%a0%80',
    '..%2f..%2fsecret',
    '..;',
    '%u0041',
  ),
  fc.string({ unit: visible, maxLength: 30 }),
);

function byByte(hex: string): string {
  return hex.replace(/../g, '%$&');
}

const header: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: octet, maxLength: 80 }),
  fc.constantFrom(
    '*/*',
    'application/json',
    'text/html',
    '*',
    '0',
    ',,,;;;===',
    'a;q=1e9',
    'x'.repeat(2_000),
  ),
);

/** A token as long as a real one. */
const token = fc.string({ unit: octet, minLength: 80, maxLength: 80 });

const HEADERS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  Accept: header,
  'Accept-Encoding': header,
  'Accept-Language': header,
  Authorization: fc.oneof(
    header,
    fc.oneof(header, token).map((text) => `Bearer ${text}`),
    hostileText.map((text) => `Basic ${Buffer.from(text).toString('base64')}`),
  ),
  'Content-Encoding': fc.oneof(fc.constantFrom('gzip', 'br', 'identity'), header),
  Cookie: fc.oneof(
    header,
    fc
      .tuple(
        fc.constantFrom('visitor', 'session', 'pass', 'room-pass', 'language', 'koa.sess'),
        fc.oneof(header, token),
      )
      .map(pair),
  ),
  'If-Modified-Since': header,
  'If-None-Match': header,
  'Last-Event-ID': header,
  Origin: fc.oneof(header, fc.constantFrom('null', 'http://', 'http://[', 'http://x')),
  Range: fc.oneof(header, fc.constantFrom('bytes=0-', 'bytes=9-1', 'bytes=-0,0-0')),
  Referer: header,
  'Sec-Fetch-Site': fc.oneof(header, fc.constantFrom('same-origin', 'cross-site', 'none')),
  Upgrade: fc.constantFrom('h2c', 'websocket', 'TLS/1.0'),
  'X-Forwarded-For': header,
  'X-Forwarded-Host': header,
  'X-HTTP-Method-Override': header,
};

function pair([name, value]: readonly [string, string]): string {
  return `${name}=${value}`;
}

const hostileHeaders = fc
  .array(
    fc.oneof(...Object.entries(HEADERS).map(([name, value]) => fc.tuple(fc.constant(name), value))),
    { maxLength: 4 },
  )
  .map((all): Readonly<Record<string, string>> => Object.fromEntries(all));

/** Parameters and their values, in any number and any order. */
function hostileQuery(names: readonly string[]): fc.Arbitrary<string> {
  const name =
    names.length === 0
      ? hostileCode
      : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, hostileCode);
  const parameter = fc.tuple(name, fc.constantFrom('=', '[]=', '[__proto__]=', ''), hostileCode);
  return fc
    .array(
      parameter.map((parts) => parts.join('')),
      { maxLength: 4 },
    )
    .map((all) => all.join('&'));
}

interface Body {
  readonly type: string;
  readonly bytes: Buffer;
}

/** A body that has the fields, with any values, or something entirely different. */
function hostileBody(names: readonly string[]): fc.Arbitrary<Body> {
  const name = fc.constantFrom('__proto__', ...names);
  const fields = fc.array(fc.tuple(name, fc.oneof(fc.jsonValue(), hostileText)));
  const json = fc.oneof(
    fields.map((all) => JSON.stringify(Object.fromEntries(all))),
    hostileJson,
  );
  const form = hostileQuery(names);
  const bytes = fc.oneof(
    json.map((text) => Buffer.from(text)),
    form.map((text) => Buffer.from(text)),
    fc.uint8Array().map((all) => Buffer.from(all)),
    fc.constant(Buffer.from('{"message":"\xff\xfe"}', 'latin1')),
    fc.constant(Buffer.alloc(70_000, 'x')),
  );
  const type = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom('application/json', 'application/x-www-form-urlencoded'),
    },
    fc.constantFrom(
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
      '__proto__',
    ),
    header,
  );
  return fc.record({ type, bytes });
}

export interface HostileRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body | undefined;
}

/** A request to an endpoint, sometimes with another method than the endpoint's. */
function requestTo({ method, path, query = [], fields }: Endpoint): fc.Arbitrary<HostileRequest> {
  const parts = path
    .split('/')
    .map((part) =>
      part.startsWith(':')
        ? fc
            .oneof(fc.constantFrom('lobby', 'a', '1'), hostileCode)
            .map((text) => part.replace(/^:\w+/, () => text))
        : fc.constant(part),
    );
  const target = fc.tuple(
    fc.tuple(...parts),
    fc.option(hostileQuery(query)),
    fc.constantFrom('', '', '', 'http://localhost', 'http://x:y', '/'),
  );
  return fc.record({
    method: fc.oneof(
      { weight: 6, arbitrary: fc.constant(method) },
      fc.constantFrom(
        'HEAD',
        'GET',
        'POST',
        'PUT',
        'DELETE',
        'PATCH',
        'OPTIONS',
        'TRACE',
        'PROPFIND',
      ),
    ),
    target: target.map(
      ([all, text, before]) => before + all.join('/') + (text === null ? '' : `?${text}`),
    ),
    headers: hostileHeaders,
    body: fields ? hostileBody(fields) : fc.constant(undefined),
  });
}

export const hostileRequest: fc.Arbitrary<HostileRequest> = fc.oneof(...ENDPOINTS.map(requestTo));

/** The bytes of a request. Its Content-Length is correct; nothing comes after its body. */
export function requestBytes({ method, target, headers, body }: HostileRequest): Buffer {
  const all = {
    Host: 'localhost',
    Connection: 'close',
    ...headers,
    ...(body && { 'Content-Type': body.type, 'Content-Length': `${body.bytes.length}` }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
  return Buffer.concat([head, body?.bytes ?? Buffer.alloc(0)]);
}
