import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { Message } from '../../../server/core/message.ts';
import { renderBody } from '../../../server/features/messages/body.ts';
import { plainText } from '../../../server/features/messages/plain-text.ts';
import { quoteText } from '../../../server/features/messages/quote.ts';
import { hostileText } from '../../support/hostile.ts';

/** The text of some HTML, without white space. */
function textOf(html: string): string {
  const entities = { amp: '&', lt: '<', gt: '>', quot: '"' } as const;
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot);/g, (_, name: keyof typeof entities) => entities[name])
    .replace(/\s/g, '');
}

const quote = (body: string) => quoteText({ kind: 'message', body, files: null } as Message);

suite('The plain text of a message', () => {
  for (const [what, text, plain] of [
    ['emphasis', 'We ship **v2** _today_, ~~not tomorrow~~', 'We ship v2 today, not tomorrow'],
    ['code', 'run `npm ci`', 'run npm ci'],
    ['a block of code', '```js\nlet a = 1;\n```', 'let a = 1;'],
    ['a block of code that begins beside the fence', '```two words\nx\n```', 'two words\nx'],
    ['lists', '- one\n- two\n  - three', 'one\ntwo\nthree'],
    ['a quote', '> they said\n\nand I say', 'they said\nand I say'],
    ['links', '[docs](https://a.example/b) https://c.example/d', 'docs https://c.example/d'],
    ['mentions', 'ask @"Ana Maria" or @bo', 'ask @Ana Maria or @bo'],
    ['escapes', '\\*as is\\*', '*as is*'],
    ['an emote', '/me **waves**', 'waves'],
    ['two slashes', '//poll', '/poll'],
    ['signs that are no Markdown', '2*3*4 __init__ <b>&amp;', '2*3*4 __init__ <b>&amp;'],
    ['only signs', '**', '**'],
    ['lines', 'a\nb', 'a\nb'],
  ] as const) {
    test(`has no markup: ${what}`, () => assert.equal(plainText(text), plain));
  }

  test('is that of its HTML', () => {
    const marks = fc.constantFrom(
      '**',
      '_',
      '`',
      '~~',
      '\n',
      '> ',
      '- ',
      '```',
      '[',
      '](a.de)',
      '@',
    );
    const written = fc.array(fc.oneof(marks, fc.lorem({ maxCount: 2 })), { maxLength: 30 });
    fc.assert(
      fc.property(written, (parts) => {
        const text = parts.join('');
        assert.equal(plainText(text).replace(/\s/g, ''), textOf(renderBody(text).body));
      }),
    );
  });

  test('is never longer than what was written', () => {
    fc.assert(fc.property(hostileText, (text) => plainText(text).length <= text.length));
  });
});

suite('A quote', () => {
  test('has no markup, even where that ends after the quote', () => {
    const words = 'word '.repeat(100).trim();
    assert.equal(quote(`**${words}**\n- end`), `${'word '.repeat(24)}…`);
  });

  test('is on one line', () => assert.equal(quote('- one\n- two'), 'one two'));
});
