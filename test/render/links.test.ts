import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MAX_CHARACTERS } from '../../server/chat/command.ts';
import { bodyHtml } from '../../server/render/body.ts';
import { plainHtml } from '../../server/render/markdown.ts';

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
  ['[https://a.com/x](https://b.com/y)', 'https://b.com/y https://a.com/x'],
  ['[a.com](https://b.com/(y) "z")', 'https://b.com/(y) a.com'],
  ['`https://a.com` `b.com`'],
  ['README.md main.rs e.g. 3.14 v1.2 a..com .com -a.com a-.com a_b.com'],
  ['ftp://a.com //a.com file:///a.com xhttps://a.com http:// https://!'],
  ['a.com:8080 user@localhost git@a.com@b.com x\\.com'],
  ['[a]() [b](data:x) [c](/d)'],
];

suite('Links', () => {
  for (const [text, ...links] of LINKS) {
    test(`are found as people mean them: ${text}`, () => {
      assert.deepEqual(linksIn(text), links);
    });
  }

  test('that say nothing or lead nowhere stay text', () => {
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

  test('are all there in a message of many, and stay text where they are too many', () => {
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
