/** Text that is made to be expensive, in any length. */
export interface HostileText {
  readonly name: string;
  /** @param bytes its maximum length, in UTF-8 */
  make(bytes: number): string;
}

/** A prefix and a repeated unit. No character is cut in two. */
export function repeated(unit: string, bytes: number, head = ''): string {
  const room = bytes - Buffer.byteLength(head);
  return head + unit.repeat(Math.max(0, Math.floor(room / Buffer.byteLength(unit))));
}

function text(name: string, unit: string, head = ''): HostileText {
  return { name, make: (bytes) => repeated(unit, bytes, head) };
}

/** Expensive to normalize, to compare, or to split into characters. */
const UNICODE: readonly HostileText[] = [
  text('combining marks', '\u0301', 'a'),
  // Canonical ordering has to sort them: each pair is in the wrong order.
  text('combining marks out of order', '\u0315\u0300\u0316\u0f39', 'a'),
  text('U+FDFA (18 letters after NFKC)', '\ufdfa'),
  text('U+1D160 (three after NFC)', '\u{1d160}'),
  text('Hangul by its letters', '\u1100\u1161\u11a8'),
  text('zalgo', 'Z\u0351\u036b\u0343\u036a\u0315\u031b'),
  text('zero-width joiners', '\u200d', 'a'),
  text('variation selectors', '\ufe0f', '\u2764'),
  text('families', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}'),
  text('flags', '\u{1f1e6}'),
  text('skin tones', '\u{1f3fd}', '\u{1f44d}'),
  text('CJK', '\u6f22'),
  text('look-alikes', 'rn\u0274\u{1f17c}\u0430'),
  text('bidi controls', '\u202e\u2066'),
  text('ideographic spaces', '\u3000', 'a'),
  text('half characters', '\ud800'),
];

/** Expensive to search with a regular expression, or to parse. */
const SIGNS: readonly HostileText[] = [
  text('one letter', 'a'),
  text('short words', 'ab '),
  text('spaces inside', ' ', 'a'),
  text('spaces before', ' '),
  text('tabs', '\t', 'a'),
  text('line feeds', '\n', 'a'),
  text('line ends', '\r\n', 'a'),
  text('NULs', '\0'),
  text('control characters', '\x07'),
  text('digits', '9'),
  text('a decimal', '0', '0.'),
  text('dashes', '-'),
  text('dots', '.'),
  text('dots and slashes', '../'),
  text('slashes', '/'),
  text('backslashes', '\\'),
  text('quotes', '"'),
  text('quoted words', '"a" '),
  text('apostrophes', "'"),
  text('commas', ','),
  text('semicolons', 'a;'),
  text('equals signs', '='),
  text('percent signs', '%'),
  text('ampersands', '&amp;'),
  text('tags', '<a '),
  text('templates', '<%= '),
  text('dollars', '$&'),
];

/** Expensive to render. */
export const MARKDOWN: readonly HostileText[] = [
  text('addresses', 'a@b.c '),
  text('links', 'http://a.b '),
  text('www', 'www.a.b,'),
  text('link heads', '[a](<'),
  text('brackets', '['),
  text('images', '!['),
  text('numbered lists', '1) a\n'),
  text('nested lists', '- '),
  text('nested quotes', '> '),
  text('quotes of lists', '> - '),
  text('emphasis', '*a '),
  text('emphasis both ways', '*a_ '),
  text('bold', '**a'),
  text('strike', '~~a'),
  text('code', '`a'),
  text('backticks', '`'),
  text('fences', '```\n'),
  text('a fence of templates', '$' + '{', '```js\n'),
  text('a fence of shell', '$(', '```bash\n'),
  text('a fence of braces', '{', '```css\n'),
  text('mentions', '@a '),
  text('emoji names', ':a:'),
  text('escapes', '\\*'),
  text('entities', '&#x1f600;'),
  text('tables', '|a', '|a\n|-\n'),
  text('autolinks', '<a:'),
];

export const TEXTS: readonly HostileText[] = [...UNICODE, ...SIGNS, ...MARKDOWN];
