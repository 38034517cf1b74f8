import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { safeRedirect } from '../../server/http/respond.ts';
import { isMessage, join, rejectedUpgrade } from '../support/client.ts';
import { requestsFor } from '../support/endpoints.ts';
import { hostileText } from '../support/hostile.ts';
import { openApp, suiteApp } from '../support/server.ts';
import { errorOf, signedIn, TestBrowser } from '../support/test-browser.ts';

const SITE = 'https://school.example';

/** The sources of cross-site requests; `PORT` is that of the server. */
const FOREIGN: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['no origin', { Origin: 'null' }],
  ['another site', { Origin: 'https://evil.example' }],
  ['a name that ends like ours', { Origin: 'http://127.0.0.1.evil' }],
  ['our address as the user of another', { Origin: 'http://127.0.0.1:PORT@evil.example' }],
  ['our address as a part of another', { Origin: 'http://127.0.0.1:PORT.evil.example' }],
  ['another port', { Origin: 'http://127.0.0.1:1' }],
  ['another name of this machine', { Origin: 'http://localhost:PORT' }],
  ['a site that may only show rooms', { Origin: SITE }],
  ['a request that the browser marks as cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
  ['a request that the browser marks as same-site', { 'Sec-Fetch-Site': 'same-site' }],
  [
    'another site, marked as a URL that the user entered',
    { 'Sec-Fetch-Site': 'none', Origin: 'http://evil' },
  ],
  [
    'a request that the browser marks as cross-site, whatever its origin',
    { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://127.0.0.1:PORT' },
  ],
];

function headersOn(port: number, headers: Readonly<Record<string, string>>) {
  const all = Object.entries(headers).map(([name, value]) => [
    name,
    value.replace('PORT', `${port}`),
  ]);
  return Object.fromEntries(all) as Record<string, string>;
}

suite('A page of another site', () => {
  const app = suiteApp({ frameAncestors: new Set([SITE]) });

  for (const [what, headers] of FOREIGN) {
    test(`can neither change nor read anything: ${what}`, async (t) => {
      const { port, room } = app.newRoom();
      const name = `Ann of ${room}`;
      const ann = await signedIn(app.url, name);
      const foreign = headersOn(port, headers);
      const posts = requestsFor(room).filter(({ method }) => method === 'POST');
      assert.ok(posts.length >= 12);
      for (const { path } of posts) {
        const response = await ann.post(
          path,
          { message: 'x', type: 'presence', name: 'Eve' },
          foreign,
        );
        assert.deepEqual(await errorOf(response), [403, 'origin-not-allowed'], path);
        assert.equal(response.headers.get('set-cookie'), null, path);
      }
      for (const path of [
        '/chat',
        `/chat?room=${room}`,
        `/rooms/${room}/live`,
        `/rooms/${room}/live?after=a.1`,
      ]) {
        const { status } = await rejectedUpgrade(port, path, { ...ann.headers(), ...foreign });
        assert.equal(status, 403, path);
      }
      const listener = await join(t, port, `/chat?room=${room}`, { headers: ann.headers() });
      listener.post('still Ann');
      const [, first = ''] = await listener.until((frames) => frames.some(isMessage));
      assert.match(first, new RegExp(`<bdi>${name}</bdi>.*still Ann`, 's'));
    });
  }
});

suite('A page', () => {
  test('of any kind forbids inline scripts and styles', async (t) => {
    const { url } = await openApp(t, { frameAncestors: new Set([SITE]) });
    const ann = await signedIn(url, 'Ann');
    await ann.post('/rooms', { name: 'class' });
    const gets = requestsFor('class').filter(({ method }) => method === 'GET');
    const refused = [
      '/rooms/lobby/settings',
      '/rooms/a.b',
      '/rooms/class/plain?before=x',
      '/nowhere',
    ];
    for (const path of [...gets.map((get) => get.path), ...refused]) {
      const response = await ann.get(path, { Accept: 'text/html' });
      const type = response.headers.get('content-type') ?? '';
      const policy = response.headers.get('content-security-policy') ?? '';
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff', path);
      if (type.startsWith('text/event-stream')) await response.body?.cancel();
      if (!type.startsWith('text/html')) continue;
      assert.match(policy, /default-src 'none'/, path);
      assert.ok(!policy.includes('unsafe'), path);
      const html = await response.text();
      assert.ok(
        !/<style|\sstyle=|<script(?![^>]* (?:src=|type="application\/json"))|\son\w+=|javascript:/i.test(
          html,
        ),
        path,
      );
    }
  });

  test('has only the browser permissions that it needs', async (t) => {
    const { url } = await openApp(t, { frameAncestors: new Set([SITE]) });
    for (const path of ['/', '/rooms/class?embed', '/rooms/class/present', '/nowhere']) {
      const { headers } = await fetch(url + path, { headers: { Accept: 'text/html' } });
      const policy = headers.get('permissions-policy') ?? '';
      const features = new Map(policy.split(', ').map((one) => one.split('=') as [string, string]));
      for (const used of ['clipboard-write', 'fullscreen', 'screen-wake-lock']) {
        assert.equal(features.get(used), '(self)', used);
        features.delete(used);
      }
      for (const unused of ['camera', 'microphone', 'geolocation', 'display-capture', 'usb']) {
        assert.equal(features.get(unused), '()', unused);
      }
      assert.deepEqual([...new Set(features.values())], ['()'], path);
    }
  });

  test('cannot be framed by another site', async (t) => {
    const { url } = await openApp(t);
    for (const path of [
      '/',
      '/rooms',
      '/sign-in',
      '/rooms/class',
      '/rooms/class?embed',
      '/nowhere',
    ]) {
      const { headers } = await fetch(url + path, { headers: { Accept: 'text/html' } });
      assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/, path);
      assert.equal(headers.get('x-frame-options'), 'DENY', path);
    }
  });

  test('of a room can be framed by the configured sites if it is requested as embedded', async (t) => {
    const { url } = await openApp(t, {
      frameAncestors: new Set([SITE, 'http://lan.example:8080']),
    });
    for (const query of ['?embed', '?embed=1']) {
      const { headers } = await fetch(`${url}/rooms/class${query}`);
      const policy = headers.get('content-security-policy') ?? '';
      const ancestors = `frame-ancestors 'self' ${SITE} http://lan.example:8080`;
      assert.ok(policy.split(';').includes(ancestors), policy);
      assert.equal(headers.get('x-frame-options'), null);
    }
    for (const path of ['/rooms/class/password?embed', '/password?embed']) {
      const { headers } = await fetch(url + path, {
        method: 'POST',
        headers: { Accept: 'text/html' },
      });
      assert.match(
        headers.get('content-security-policy') ?? '',
        /frame-ancestors 'self' https:/,
        path,
      );
      assert.equal(headers.get('x-frame-options'), null, path);
    }
    for (const path of ['/rooms/class', '/?embed', '/rooms?embed', '/sign-in?embed']) {
      const { headers } = await fetch(url + path, { headers: { Accept: 'text/html' } });
      assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/, path);
      assert.equal(headers.get('x-frame-options'), 'DENY', path);
    }
  });
});

suite('The target of a form', () => {
  const ELSEWHERE = [
    ...['//evil.example', '/\\evil.example', '\\/evil.example', '\\\\evil.example', '///evil'],
    ...['https://evil.example', 'https:evil.example', 'http:/evil', 'javascript:alert(1)'],
    ...['/\t/evil.example', '\t//evil.example', '/\n/evil.example', ' //evil.example', '/ /evil'],
    ...['evil.example', '@evil.example', '.evil.example', '?', '#', '', '/\r\nSet-Cookie: a=b'],
  ];

  test('is a page of this server, whatever was requested', () => {
    const anything = fc.oneof(
      hostileText,
      fc.constantFrom(...ELSEWHERE),
      fc.webUrl(),
      fc.string({ unit: fc.constantFrom('/', '\\', '.', ':', '@', '\t', '\n', ' ', 'e', '\0') }),
    );
    fc.assert(
      fc.property(anything, (next) => {
        const { host } = new URL(safeRedirect(next), 'http://here.example');
        assert.equal(host, 'here.example');
      }),
      { numRuns: 2_000 },
    );
  });

  test('is checked for each form, and never leads elsewhere', async (t) => {
    const key = 'the key of the moderators';
    const { url } = await openApp(t, { moderatorKey: key, serverPassword: 'word' });
    for (const [index, next] of [...ELSEWHERE, '/rooms?x=1'].entries()) {
      const browser = new TestBrowser(url);
      const expected = next === '/rooms?x=1' ? next : '/';
      for (const [path, fields] of [
        ['/password', { password: 'word' }],
        ['/session', { name: `Ann ${index}` }],
        ['/session/moderator', { key }],
        ['/session/end', {}],
      ] as const) {
        const response = await browser.submit(path, { ...fields, next });
        assert.equal(response.status, 303, path);
        assert.equal(response.headers.get('location'), expected, JSON.stringify([path, next]));
      }
      const page = await browser.get(`/sign-in?next=${encodeURIComponent(next)}`);
      assert.ok((await page.text()).includes(`name="next" value="${expected}"`), next);
    }
  });
});

suite('The session cookie', () => {
  for (const [what, trustProxy, proto, isSecure] of [
    ['a trusted proxy reports TLS', 1, 'https', true],
    ['a trusted proxy reports no TLS', 1, 'http', false],
    ['an untrusted client reports TLS', 0, 'https', false],
  ] as const) {
    test(`is ${isSecure ? '' : 'not '}secure when ${what}`, async (t) => {
      const { url } = await openApp(t, { trustProxy });
      const { status, headers } = await fetch(`${url}/session`, {
        method: 'POST',
        headers: { 'X-Forwarded-Proto': proto, Accept: 'application/json' },
        body: new URLSearchParams({ name: 'Ada' }),
      });
      assert.equal(status, 201);
      assert.equal(/; secure/i.test(headers.getSetCookie()[0] ?? ''), isSecure);
    });
  }
});
