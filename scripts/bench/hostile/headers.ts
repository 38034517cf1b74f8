import type { Case } from './case.ts';
import { requestTo, type Target, targetOf } from './endpoint-request.ts';
import { httpCase } from './http-case.ts';
import type { Header } from './request.ts';
import { HEAD_BYTES } from './sizes.ts';
import { repeated } from './texts.ts';

/** Headers that the server or its libraries parse, each with its tokens, to be repeated. */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  Accept: ['a/b,', 'text/html;q=0.1,', 'a/b;c=d;', '*/*;q=', 'text/html;a="'],
  'Accept-Encoding': ['gzip,', 'a;q=0.1,'],
  'Accept-Language': ['en,', 'zh-', 'en-a;q=0.1,', '*;q='],
  Authorization: ['Basic ', 'a', 'Bearer '],
  'Content-Encoding': ['gzip,', 'identity,'],
  'Content-Type': ['a/', ';', 'a=b;', 'charset='],
  Cookie: ['a=b;', 'visitor=a;', 'session=', 'pass=.', ';', '=', 'language=en;', '" '],
  Expect: ['a,'],
  'If-Modified-Since': ['Thu, 01 Jan 1970 ', '9', ' '],
  'If-None-Match': ['"a",', 'W/"a",', '"', ','],
  'Last-Event-ID': ['a', '9', 'a.'],
  Origin: ['http://', 'a.', ':', '['],
  Range: ['bytes=', '0-0,', '9'],
  'Sec-WebSocket-Extensions': ['permessage-deflate;', 'a;b=c,', 'permessage-deflate;a="'],
  'Sec-WebSocket-Key': ['a'],
  'Sec-WebSocket-Protocol': ['token.,', 'token.', 'json,', 'a,'],
  'Sec-WebSocket-Version': ['13,'],
  Referer: ['http://a/', '/'],
  'Sec-Fetch-Site': ['none,'],
  'User-Agent': ['a (', ';'],
  Upgrade: ['websocket,', 'h2c,'],
  Via: ['a,'],
  'X-Forwarded-For': ['1.2.3.4,', ',', ':', '::1,', ' '],
  'X-Forwarded-Proto': ['https,', ','],
  'X-Forwarded-Host': ['a,'],
};

/** The prefixes without which they are ignored. */
const HEADS: readonly Header[] = [
  ['Authorization', 'Bearer '],
  ['Authorization', 'Basic '],
  ['Cookie', 'session='],
  ['Cookie', 'visitor='],
  ['Cookie', 'room-pass='],
  ['Range', 'bytes='],
  ['Content-Type', 'multipart/form-data;'],
];

/** Tried in every header, on one endpoint of each kind. */
const ANY = ['a', ' a', '\t', ',', ';', '=', '"', '\xff'] as const;

interface HostileHeaders {
  readonly part: string;
  readonly input: string;
  readonly headers: readonly Header[];
}

const ONE_OF_EACH_KIND: ReadonlySet<string> = new Set([
  ...[
    'GET /',
    'POST /rooms/:room/messages',
    'GET /rooms/:room/events',
    'GET /rooms/:room/files/:id',
  ],
  ...['upgrade /chat', 'upgrade /rooms/:room/live'],
]);

function* hostileHeaders(any: readonly string[]): Generator<HostileHeaders> {
  for (const [name, units] of Object.entries(UNITS)) {
    for (const unit of new Set([...units, ...any])) {
      const value = repeated(unit, unit === '\xff' ? 2 * HEAD_BYTES : HEAD_BYTES);
      yield { part: `header ${name}`, input: JSON.stringify(unit), headers: [[name, value]] };
    }
  }
  for (const [name, head] of HEADS) {
    const input = `${head} and a long value`;
    yield { part: `header ${name}`, input, headers: [[name, repeated('a', HEAD_BYTES, head)]] };
  }
  for (const name of ['Cookie', 'Accept', 'X-Forwarded-For', 'A']) {
    const headers: Header[] = Array.from({ length: 1_000 }, () => [name, 'a']);
    yield { part: `header ${name}`, input: 'a thousand times', headers };
  }
  const many: Header[] = Array.from({ length: 1_000 }, (_, n) => [`A-${n}`, 'a']);
  yield { part: 'headers', input: 'a thousand', headers: many };
}

export function* headerCases(endpoint: Target): Generator<Case> {
  const { path, method, isUpgrade } = endpoint;
  const kind = `${isUpgrade ? 'upgrade' : method} ${path}`;
  const any = ONE_OF_EACH_KIND.has(kind) ? ANY : [];
  for (const { part, input, headers } of hostileHeaders(any)) {
    yield httpCase({
      ...{ target: targetOf(endpoint), part, input },
      build: (server) => requestTo(server, endpoint, { headers }),
    });
  }
}
