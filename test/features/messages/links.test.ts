import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { bodyHtml } from '../../../server/features/messages/body.ts';
import { plainHtml } from '../../../server/features/messages/markdown/markdown.ts';
import { MAX_CHARACTERS } from '../../../server/features/messages/message-text.ts';

/** What is linked in a text: the address, and the text of the link where it is another. */
function linksIn(text: string): readonly string[] {
  const all = bodyHtml(text).matchAll(/<a href="([^"]*)"[^>]*>(.*?)<\/a>/g);
  return [...all].map(([, href = '', shown]) => (href === shown ? href : `${href} ${shown}`));
}

/** Texts, and the links in them. */
const LINKS: readonly (readonly [string, ...string[]])[] = [
  ['see https://a.com/b_c_d.', 'https://a.com/b_c_d'],
  [
    'https://a.com/x, https://b.com/y; http://c.com!',
    'https://a.com/x',
    'https://b.com/y',
    'http://c.com',
  ],
  ['https://a.com/?q=a%20b#c-d_e', 'https://a.com/?q=a%20b#c-d_e https://a.com/?q=a b#c-d_e'],
  ['(https://a.com/b)', 'https://a.com/b'],
  ['(see https://a.com/R_(x))', 'https://a.com/R_(x)'],
  ['"https://a.com/x"', 'https://a.com/x'],
  ["'https://a.com/x'", 'https://a.com/x'],
  ['<https://a.com/x>', 'https://a.com/x'],
  ['{https://a.com/x}', 'https://a.com/x'],
  [
    '**https://a.com/x** *https://b.com* ~~c.com~~',
    'https://a.com/x',
    'https://b.com',
    'http://c.com c.com',
  ],
  ['https://a.com/*b*/~c_d_|^', 'https://a.com/*b*/~c_d_%7C%5E https://a.com/*b*/~c_d_|^'],
  ['https://a.com/x: y', 'https://a.com/x'],
  ["https://a.com/it's... no", "https://a.com/it's"],
  ['看https://a.com/路，好', 'https://a.com/%E8%B7%AF https://a.com/路'],
  ['（https://a.com/x）“https://b.com”', 'https://a.com/x', 'https://b.com'],
  ['https://例子.中国/', 'https://xn--fsqu00a.xn--fiqs8s/ https://例子.中国/'],
  [
    'http://localhost:3000/a http://127.0.0.1/ http://[::1]:80/x',
    'http://localhost:3000/a',
    'http://127.0.0.1/',
    'http://[::1]:80/x',
  ],
  [
    'www.a.com/b?c, Example.ORG.',
    'http://www.a.com/b?c www.a.com/b?c',
    'http://Example.ORG Example.ORG',
  ],
  [
    'John.Doe+tag@mail.example.co: hello',
    'mailto:John.Doe+tag@mail.example.co John.Doe+tag@mail.example.co',
  ],
  ['mailto:a@b <c@d.e>', 'mailto:a@b', 'mailto:c@d.e c@d.e'],
  ['[https://a.com/x](https://www.a.com/y)', 'https://www.a.com/y https://a.com/x'],
  ['[a.com](https://b.com/(y) "z")', 'https://b.com/(y) a.com'],
  ['`https://a.com` `b.com`'],
  ['README.md main.rs e.g. 3.14 v1.2 a..com .com -a.com a-.com a_b.com'],
  ['ftp://a.com //a.com file:///a.com xhttps://a.com http:// https://!'],
  ['a.com:8080 user@localhost git@a.com@b.com x\\.com'],
  ['[a]() [b](data:x) [c](/d)'],
  // In a script without spaces the sentence goes on right behind an address, or before it.
  ['请看www.example.com', 'http://www.example.com www.example.com'],
  ['https://example.com然后登录', 'https://example.com'],
  ['https://localhost然后 https://127.0.0.1然后', 'https://localhost', 'https://127.0.0.1'],
  ['网址是example.com。', 'http://example.com example.com'],
  ['发到ann@example.com就行', 'mailto:ann@example.com ann@example.com'],
  ['https://example.com:8080然后', 'https://example.com:8080'],
  ['https://example.com/login然后登录', 'https://example.com/login'],
  ['https://example.com/?q=1然后', 'https://example.com/?q=1'],
  ['https://example.com然后.com', 'https://example.com'],
  [
    'https://example.com/wiki/中文?q=中文#中文',
    'https://example.com/wiki/%E4%B8%AD%E6%96%87?q=%E4%B8%AD%E6%96%87#%E4%B8%AD%E6%96%87 https://example.com/wiki/中文?q=中文#中文',
  ],
  [
    'https://www.例子.com https://名前.jp',
    'https://www.xn--fsqu00a.com https://www.例子.com',
    'https://xn--ldr85b.jp https://名前.jp',
  ],
  ['접속example.com에서', 'http://example.com example.com'],
  ['ดูที่example.comนะ', 'http://example.com example.com'],
  ['见例子.com \\\\server\\share.com'],
];

suite('Links', () => {
  for (const [text, ...links] of LINKS) {
    test(`are found as users mean them: ${text}`, () => {
      assert.deepEqual(linksIn(text), links);
    });
  }

  test('are shown in ASCII where a name is of several scripts, or looks like another', () => {
    for (const [text, shown] of [
      ['https://xn--80ak6aa92e.com/login', 'https://xn--80ak6aa92e.com/login'],
      ['https://аррӏе.com/login', 'https://xn--80ak6aa92e.com/login'],
      ['https://pаypal.com', 'https://xn--pypal-4ve.com'],
      ['https://ɡoogle.com', 'https://xn--oogle-qmc.com'],
      ['https://example一.com', 'https://xn--example-cu3k.com'],
      ['https://xn--fsqu00a.com', 'https://例子.com'],
      ['https://bücher.de/', 'https://bücher.de/'],
      ['https://россия.рф', 'https://россия.рф'],
      ['[x@y.com](mailto:x@pаypal.com)', 'x@y.com'],
    ] as const) {
      assert.equal(linksIn(text)[0]?.split(' ').at(-1), shown, text);
    }
    assert.ok(bodyHtml('[x@y.com](mailto:x@pаypal.com)').endsWith(' (x@xn--pypal-4ve.com)'));
  });

  test('have nothing in their text that is not seen, or that turns the text around', () => {
    assert.deepEqual(linksIn('https://a.com/\u202emoc.b'), ['https://a.com/']);
    assert.deepEqual(linksIn('https://a.com/b%E2%80%AEmoc.b%0A'), [
      'https://a.com/b%E2%80%AEmoc.b%0A',
    ]);
    assert.deepEqual(linksIn('https://bank.com\u202e@evil.com'), ['https://bank.com']);
    for (const text of ['[x](https://bank.com@evil.com/)', '<https://bank.com@evil.com>']) {
      assert.ok(!linksIn(text).some((link) => link.includes('evil')), text);
    }
  });

  test('whose text names another site than theirs show where they lead', () => {
    for (const [text, leads] of [
      ['[https://bank.example/login](https://evil.example/x)', 'https://evil.example/x'],
      ['[a@bank.example](mailto:e@evil.example)', 'e@evil.example'],
      ['[a@bank.example](https://evil.example)', 'https://evil.example'],
      ['[www.bank.example](https://evil.example)', 'https://evil.example'],
      ['[bank.com](https://evil.example)', 'https://evil.example'],
      ['[bank.example/login](https://evil.example)', 'https://evil.example'],
      ['[**https://bank**.example](https://evil.example)', 'https://evil.example'],
      ['[`https://bank.example`](https://evil.example)', 'https://evil.example'],
      ['[ｈｔｔｐｓ：／／bank.example](https://evil.example)', 'https://evil.example'],
      ['[https:/\u200b/bank.example](https://evil.example)', 'https://evil.example'],
      ['[bank。com](https://evil.example)', 'https://evil.example'],
      ['[https://bank.example](https://bank.example.evil.com)', 'https://bank.example.evil.com'],
      ['[https://a.com/x](https://b.com/y)', 'https://b.com/y'],
    ] as const) {
      assert.ok(bodyHtml(text).endsWith(`</a> (${leads})`), `${text}: ${bodyHtml(text)}`);
    }
    for (const text of [
      '[login](https://bank.example)',
      '[README.md](https://a.com/README.md)',
      '[https://bank.example/a](https://www.bank.example/b)',
      '[github.com](https://gist.github.com)',
      '[a@b.com](mailto:a@b.com)',
      '<https://a.com> https://a.com a@b.com a.com',
    ]) {
      assert.ok(!bodyHtml(text).includes('('), text);
    }
  });

  test('that are empty or lead nowhere stay text', () => {
    for (const text of ['[a]()', '[ ](/b)', '[]()']) assert.equal(bodyHtml(text), plainHtml(text));
    assert.deepEqual(linksIn('[](http://a.com)'), ['http://a.com']);
    assert.ok(bodyHtml('[](http://a.com)').startsWith('[]('));
  });

  test('of hosts with names longer than there can be stay text, however they are written', () => {
    // To write one in ASCII takes the square of its length.
    for (const name of ['你'.repeat(64), `${'a.'.repeat(127)}com`]) {
      for (const text of [
        `http://${name}`,
        `[a](http://${name})`,
        `<http://${name}>`,
        `a@${name}`,
      ]) {
        assert.deepEqual(linksIn(text), [], text.slice(0, 20));
      }
    }
  });

  test('are all found in a message of many, and stay text where they are too many', () => {
    const long = Array.from(
      { length: 60 },
      (_, n) => `https://example.com/articles/${n}?ref=typhoon-chat`,
    );
    assert.deepEqual(linksIn(long.join('\n')), long);
    const short = Array.from({ length: 300 }, (_, n) => `https://a.com/${n}`).slice(0, 210);
    assert.deepEqual(linksIn(short.join(' ')), short.slice(0, 150));
    const { length } = bodyHtml('a.com '.repeat(MAX_CHARACTERS / 6).trim()).split('<a ');
    assert.equal(length - 1, 150);
  });
});
