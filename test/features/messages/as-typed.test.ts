import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { bodyHtml } from '../../../server/features/messages/body.ts';
import { markdownHtml, plainHtml } from '../../../server/features/messages/markdown/markdown.ts';

/** The text of some markup, and the numbers that the page shows before items. */
function shown(html: string): string {
  return html
    .replace(/<li data-number="([^"]*)"[^>]*>/g, '$1 ')
    .replace(/<br>|<\/(?:p|li)>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(
      /&(amp|lt|gt|quot);/g,
      (_, name) => ({ amp: '&', lt: '<', gt: '>' })[name as 'amp'] ?? '"',
    )
    .trimEnd();
}

suite('What is written', () => {
  for (const [what, ...texts] of [
    ['products and powers', '2*3*4', 'x**2 and y**3', 'a*b*c', '(a)*(b)*(c)', '2 * 3 * 4'],
    ['names in programs', '__init__', '__FILE__', 'snake_case_name', '*p = *q', 'a_b_ c_d_'],
    [
      'signs within a word',
      '5~~6~~7',
      'M*A*S*H',
      'f**k and s**t',
      'un*frigging*believable',
      '~~~hm~~~',
    ],
    [
      'paths and globs',
      '\\\\server\\share',
      'C:\\* and D:\\*',
      'src/*/test/*.ts',
      '**/*.ts',
      '*.*',
    ],
    ['expressions', '\\d+\\.\\d+', '^.*foo.*$', '\\[x\\]', '/*comment*/', '(*.ts,*.js)', 'a\\'],
    [
      'faces made of signs',
      '¯\\_(ツ)_/¯',
      '>_<',
      '>:(',
      '\\o/',
      '(*_*)',
      '_(:з」∠)_',
      '*_*',
      '(*^_^*)',
      '(*>_<*)',
      '(*´▽*)',
    ],
    ['signs that are spoken of', '"**" and "**"', "'*', '*'", '「*」と「*」'],
    ['indented lines', 'if a:\n    b\n  c', '    a\n      b', 'a\n\n    b', 'x \\\n  y'],
    ['comparisons', '>5', 'a\n>5', '>=3'],
    ['one line with a dash', '- 5', '+ 1', '* their', '- Ann', 'It is\n- 5\ndegrees', 'a\n\n- b'],
  ] as const) {
    test(`stays as it was typed: ${what}`, () => {
      for (const text of texts) {
        // Two paragraphs have a line between them on the page.
        assert.equal(shown(bodyHtml(text)), text.replace('\n\n', '\n'), text);
        if (!text.includes('\n\n')) assert.equal(bodyHtml(text), plainHtml(text), text);
      }
    });
  }

  for (const [text, html] of [
    ['**重要：**请大家看', '<strong>重要：</strong>请大家看'],
    ['**「重要」**です', '<strong>「重要」</strong>です'],
    ['请看**「这个」**。', '请看<strong>「这个」</strong>。'],
    ['1.**步骤**：~~旧~~新', '1.<strong>步骤</strong>：<s>旧</s>新'],
    ['用Python**写**的', '用Python<strong>写</strong>的'],
    ['**중요**는', '<strong>중요</strong>는'],
    [
      '**a**, (*b*) and **c**/**d**',
      '<strong>a</strong>, (<em>b</em>) and <strong>c</strong>/<strong>d</strong>',
    ],
    ['***a*** **b *c* d**', '<em><strong>a</strong></em> <strong>b <em>c</em> d</strong>'],
  ] as const) {
    test(`is marked where it is meant to be: ${text}`, () => assert.equal(bodyHtml(text), html));
  }

  test('has no markup where a backslash escapes it, and then no backslash', () => {
    for (const [text, plain] of [
      ['\\*a\\*', '*a*'],
      ['\\**a**', '**a**'],
      ['\\*\\*a\\*\\*', '**a**'],
      ['\\~~a~~', '~~a~~'],
      ['\\`a\\`', '`a`'],
      ['\\> a', '> a'],
      ['\\- a', '- a'],
      ['1\\. a', '1. a'],
      ['\\@Ann', '@Ann'],
    ] as const) {
      assert.equal(bodyHtml(text), plainHtml(plain), text);
    }
    assert.ok(bodyHtml('\\[a](http://b.com)').startsWith('[a]('));
    assert.ok(bodyHtml('[a\\](http://b.com)').startsWith('[a]('));
    assert.equal(bodyHtml('`C:\\`'), '<code>C:\\</code>');
    assert.equal(bodyHtml('*a* C:\\*'), '<em>a</em> C:\\*');
  });

  for (const [text, ...items] of [
    ['1. a\n2. b\n4. c', '1.', '2.', '4.'],
    ['3. a\n1. b\n7. c', '3.', '1.', '7.'],
    ['10. a\n9. b', '10.', '9.'],
    ['5) a\n6) b', '5)', '6)'],
    ['01. a\n02. b', '01.', '02.'],
    ['1986. a\n1987. b', '1986.', '1987.'],
  ] as const) {
    test(`is a list with the numbers that were written: ${JSON.stringify(text)}`, () => {
      const html = bodyHtml(text);
      assert.deepEqual(
        Array.from(html.matchAll(/data-number="([^"]*)"/g), ([, n]) => n),
        items,
      );
      assert.equal(shown(html), text);
      // Without the page's styles a browser counts: from the start of the list, and as the items say.
      let next = Number(/ start="(\d+)"/.exec(html)?.[1] ?? 1);
      for (const [, number, value] of html.matchAll(/data-number="(\d+).{2}(?: value="(\d+)")?/g)) {
        next = Number(value ?? next);
        assert.equal(next, Number(number));
        next += 1;
      }
    });
  }

  test('is no list where a number stands alone', () => {
    for (const text of [
      '1. 2. 4.',
      '3. 1. 7.',
      '10. 9.',
      '5)',
      '5) a',
      '1986. What a year',
      '2026. 11. 25. is the date',
      'born in\n1986. Good.\nyear',
      '1. a\n2) b',
    ]) {
      assert.equal(bodyHtml(text), plainHtml(text), text);
    }
    assert.equal(bodyHtml('- a\n  1. b'), '<ul dir="auto"><li>a<br>1. b</li></ul>');
    assert.equal(
      bodyHtml('> 5) **a**'),
      '<blockquote dir="auto"><p>5) <strong>a</strong></p></blockquote>',
    );
  });

  test('ends a quote and a list before the line that has no marker of its own', () => {
    for (const [text, html] of [
      ['> asked\nanswered', '<blockquote><p>asked</p></blockquote><p>answered</p>'],
      [
        '> > deep\n> less\nnone',
        '<blockquote><blockquote><p>deep</p></blockquote><p>less</p></blockquote><p>none</p>',
      ],
      ['- a\n  more\n- b', '<ul><li>a<br>more</li><li>b</li></ul>'],
      ['- a\n  - b\nc', '<ul><li>a<ul><li>b</li></ul></li></ul><p>c</p>'],
      ['> - a\n> b', '<blockquote><p>- a<br>b</p></blockquote>'],
      ['> - a\n> - b\nc', '<blockquote><ul><li>a</li><li>b</li></ul></blockquote><p>c</p>'],
      ['x\n1. a\ny', 'x<br>1. a<br>y'],
      ['1. a\n\ny', '<p>1. a</p><p>y</p>'],
    ] as const) {
      assert.equal(bodyHtml(text).replaceAll(' dir="auto"', ''), html, text);
    }
  });

  test('keeps every letter and digit, whatever signs are around them', () => {
    const piece = fc.constantFrom(
      ...'* ** _ __ ~~ ~ ` ``` \\ \\* > >_ - + 1. 2) 10. ( ) / . : " a b2 重 要 ： 。 \n'.split(
        ' ',
      ),
      ' ',
      '\n',
      '\n  ',
    );
    const words = (text: string) => text.match(/[\p{L}\p{N}]/gu)?.join('');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('').trim();
        const html = markdownHtml(text) ?? plainHtml(text);
        // The name of a language behind three backticks is meant for the colours.
        if (!text.includes('```')) assert.equal(words(shown(html)), words(text));
      }),
      { numRuns: 5_000 },
    );
  });
});
