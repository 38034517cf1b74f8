import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { bodyHtml, renderBody } from '../../../server/features/messages/body.ts';
import { markdownHtml, plainHtml } from '../../../server/features/messages/markdown/markdown.ts';
import { markdown } from '../../../server/features/messages/markdown/parser.ts';

const link = (href: string, text = href) =>
  `<a href="${href}" rel="noopener noreferrer nofollow" target="_blank">${text}</a>`;

/** All that ever comes out: these tags, with these attributes in this form, and escaped text. */
const OUTPUT = new RegExp(
  '^(?:[^<>&"]|&(?:amp|lt|gt|quot);|</?(?:strong|em|s|code|li|br)>|' +
    String.raw`<li data-number="\d+[.)]"(?: value="\d+")?>|` +
    String.raw`</?(?:p|ul|ol|blockquote)(?: start="\d+")?(?: dir="auto")?>|` +
    '<pre dir="ltr" tabindex="0"(?: data-language="[\\w+#.-]{1,20}")?>|</pre>|<span class="(?:mention|[a-z])">|</span>|' +
    String.raw`<a href="(?:https?://|mailto:)[^"<>\s]*" rel="noopener noreferrer nofollow" target="_blank">|</a>)*$`,
  'i',
);

/** Whether every tag is closed, in its order. */
function isBalanced(html: string): boolean {
  const open: string[] = [];
  for (const [, slash, tag] of html.matchAll(/<(\/?)(\w+)/g)) {
    if (tag === 'br') continue;
    if (slash === '') open.push(tag ?? '');
    else if (open.pop() !== tag) return false;
  }
  return open.length === 0;
}

const piece = fc.constantFrom(
  ...'* ** _ ~~ ` ``` [ ] ( ) ](http://a.com) ](javascript:x) ![ < > <b> </div> <script> " & &lt; \\ \n - + 1. a b @ada @"a @'.split(
    ' ',
  ),
  ...[
    '\n```js\n',
    '\n> ',
    '\n- ',
    '\n  ',
    ' ',
    ' ',
    'https://a.com/"><',
    'www.a.com',
    'a@b.com',
    'data:x',
  ],
);
const hostile = fc.oneof(
  fc.array(piece, { maxLength: 200 }).map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 300 }),
);

suite('The text of a message', () => {
  for (const [what, text, html] of [
    [
      'bold, italic and strike',
      '**a** *b* _c_ ~~d~~',
      '<strong>a</strong> <em>b</em> <em>c</em> <s>d</s>',
    ],
    ['code', '`<a>`', '<code>&lt;a&gt;</code>'],
    ['a list', '- a\n- b', '<ul dir="auto"><li>a</li><li>b</li></ul>'],
    [
      'a list of numbers',
      '3. a\n4. b',
      '<ol start="3" dir="auto"><li data-number="3.">a</li><li data-number="4.">b</li></ol>',
    ],
    ['a quote', '> a\n\nb', '<blockquote dir="auto"><p>a</p></blockquote><p dir="auto">b</p>'],
    ['lines', 'a\nb', 'a<br>b'],
    ['a link', '[a](http://b.com "c")', link('http://b.com', 'a')],
    ['an address', 'see https://a.com/b_c_d.', `see ${link('https://a.com/b_c_d')}.`],
    ['an address without http', 'see www.a.com', `see ${link('http://www.a.com', 'www.a.com')}`],
    ['an address of mail', 'a@b.com', link('mailto:a@b.com', 'a@b.com')],
    [
      'a picture of elsewhere: a link',
      '![a](http://b.com/c.png)',
      `!${link('http://b.com/c.png', 'a')}`,
    ],
    [
      'a mention',
      'hi @Ada, @"Ada L" 你好@小明',
      'hi <span class="mention">@Ada</span>, <span class="mention">@Ada L</span> 你好<span class="mention">@小明</span>',
    ],
    [
      'mentions with the signs of other keyboards',
      '请＠小明, ＠Ann/＠Bob, @“Ada L” and a＠b',
      '请<span class="mention">@小明</span>, <span class="mention">@Ann</span>/<span class="mention">@Bob</span>, <span class="mention">@Ada L</span> and a＠b',
    ],
    [
      'two mentions with a slash between them',
      'cc @Ann/@小明, a.com/@ann',
      `cc <span class="mention">@Ann</span>/<span class="mention">@小明</span>, ${link('http://a.com/@ann', 'a.com/@ann')}`,
    ],
    [
      'code in a language',
      '```js\nlet a = 1;\n```',
      '<pre dir="ltr" tabindex="0" data-language="js"><code><span class="k">let</span> <span class="d">a</span> = <span class="n">1</span>;</code></pre>',
    ],
    [
      'code in no language',
      '```\nlet <a>\n```',
      '<pre dir="ltr" tabindex="0"><code>let &lt;a&gt;</code></pre>',
    ],
  ] as const) {
    test(`is shown with ${what}`, () => assert.equal(bodyHtml(text), html));
  }

  test('is no more than text where a chat knows no markup', () => {
    for (const text of [
      '#1 of 2',
      '# a',
      'a | b\n-|-',
      '---',
      'README.md main.rs',
      '1 + 1 = 2',
      'snake_case_name',
      '-',
      '[a](javascript:alert(1))',
      '[a](data:x)',
      '[a](/rooms/b)',
      '&copy;',
      'file:///etc',
      '~~~\na',
      '>5 >_<',

      '@ a@ @',
    ]) {
      assert.equal(bodyHtml(text), plainHtml(text), text);
    }
  });

  test('that is nested too deeply, or would become too much, is shown as it was written', () => {
    const marks = `${'*a **b '.repeat(15)}c${' a** b*'.repeat(15)}`;
    const link = `[a](http://a.com/${'你'.repeat(200)}) `;
    for (const text of [`${'> '.repeat(50)}end`, marks, link.repeat(18), '- a\n'.repeat(999)]) {
      assert.equal(bodyHtml(text.trim()), plainHtml(text.trim()));
    }
  });

  test('as users write it is shown as Markdown, however long', () => {
    const count = (html: string, tag: string) => html.split(`<${tag}>`).length - 1;
    const item = (n: number) => `- item ${n}: **bold**, *italic* \`code\``;
    const list = bodyHtml(Array.from({ length: 100 }, (_, n) => item(n)).join('\n'));
    for (const tag of ['li', 'strong', 'em', 'code']) assert.equal(count(list, tag), 100, tag);
    const lines = bodyHtml('*a* to do\n'.repeat(400).trim());
    assert.deepEqual([count(lines, 'em'), count(lines, 'br')], [400, 399]);
    const quotes = bodyHtml('> quoted text\n\nan **answer** 你好\n\n'.repeat(110).trim());
    assert.equal(count(quotes, 'strong'), 110);
    const steps = bodyHtml('1. one\n   - two\n     - three\n'.repeat(100).trim());
    assert.equal(steps.match(/<li/g)?.length, 300);
  });

  test('has lines of its own only as far as a page can render them', () => {
    const html = plainHtml('a\n'.repeat(2_000));
    assert.equal(html.split('<br>').length - 1, 1_000);
    assert.equal(html.replaceAll('<br>', '\n'), 'a\n'.repeat(2_000));
  });

  test('that the parser fails on is shown as it was written', (t) => {
    t.mock.method(markdown, 'parse', () => {
      throw new RangeError('Maximum call stack size exceeded');
    });
    assert.equal(bodyHtml('*a* <b>'), '*a* &lt;b&gt;');
  });

  test('that is a plain line is rendered without the parser, to the same result', () => {
    const plain = fc.array(fc.constantFrom(..."ab1.,:;!?#-+=/|()'{}$% é你\u00a0\u200b"), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          plain.map((all) => all.join('').trim()),
          fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
        ),
        (text) => {
          for (const one of [`a${text}`, `${text}a`.trim()]) {
            assert.equal(bodyHtml(one), markdownHtml(one) ?? plainHtml(one));
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('has only tags and attributes of the list, whatever it is', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const html = bodyHtml(text);
        assert.match(html, OUTPUT);
        assert.ok(isBalanced(html), html);
      }),
      { numRuns: 2_000 },
    );
  });

  test('begins with one slash where two were written, and is an action of its author after /me', () => {
    const { body, isEmote } = renderBody('/me *waves*');
    assert.deepEqual({ body, isEmote }, { body: '<em>waves</em>', isEmote: true });
    for (const text of ['//me waves', '/me', '/meow', 'a /me b'])
      assert.ok(!renderBody(text).isEmote);
    assert.equal(renderBody('//usr **x**').body, '/usr <strong>x</strong>');
  });

  test('is large where it is only a few emoji', () => {
    for (const text of ['😀', '1️⃣#️⃣ ', '❤️ 👨‍👩‍👧\n🇨🇳', '👍🏽'.repeat(8)])
      assert.ok(renderBody(text).isLarge, text);
    for (const text of ['a', '1', '#', '😀 a', '👍🏽'.repeat(9)])
      assert.ok(!renderBody(text).isLarge, text);
  });
});
