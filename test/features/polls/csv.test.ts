import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { csv } from '../../../server/features/polls/csv.ts';

const BEFORE = {
  nothing: '',
  spaces: '  ',
  'a tab': '\t',
  'a carriage return': '\r',
  'a line feed': '\n',
  'a no-break space': '\u00a0',
  'an ideographic space': '\u3000',
  'a byte order mark': '\ufeff',
  'a zero-width space': '\u200b',
  'a soft hyphen': '\u00ad',
  'a right-to-left override': '\u202e',
  'a variation selector': '\ufe0f',
  'a Hangul filler': '\u3164',
  'a null': '\0',
  'a quotation mark': '"',
  'an apostrophe': "'",
  'a typographic quotation mark': '“',
  'several of these': ' "\u200b\ufeff\t',
};

/** The cells of a line, as a reader of RFC 4180 has them. */
function cells(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell = '']) => cell.replaceAll('""', '"'));
}

function exported(text: string): string {
  const file = csv([[text]]);
  assert.ok(file.startsWith('\ufeff"') && file.endsWith('"\r\n'));
  return cells(file)[0] ?? '';
}

suite('Comma-separated values', () => {
  for (const sign of ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−']) {
    test(`A cell that begins with ${sign} is a text to every spreadsheet, whatever is before it.`, () => {
      for (const [what, before] of Object.entries(BEFORE)) {
        const text = `${before}${sign}HYPERLINK("http://evil.example","a")`;
        assert.equal(exported(text), `'${text}`, what);
      }
    });
  }

  test('A cell that begins with a control character is a text.', () => {
    for (const control of ['\t', '\r', '\n', '\r\n', '\0', '\x1b', '\x85']) {
      assert.equal(exported(`${control}a`), `'${control}a`);
    }
  });

  test('Other text stays as it is, signs inside it and quotation marks too.', () => {
    for (const text of ['', ' ', 'a=1', '1-1', 'a@b.c', '"two"', '“二”', '#1', '*', '中文', '½']) {
      assert.equal(exported(text), text);
    }
  });

  test('Every text is read back complete, and separate from its neighbours.', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom(...Object.values(BEFORE), ...'=+-@,;"\r\n'),
        fc.nat(0x10ffff).map((code) => String.fromCodePoint(code)),
      ),
    });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const read = cells(csv([[one, other]]));
        for (const [index, expected] of [one, other].entries()) {
          assert.ok([expected, `'${expected}`].includes(read[index] ?? ''));
        }
      }),
    );
  });
});
