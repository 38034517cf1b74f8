import { languages } from '../../server/features/messages/markdown/code.ts';

/*
 * Texts that are made to be slow to render. Each is available in any length, so that more than
 * linear time shows when they grow. `npm run bench:render -- --search` looks for more of them.
 */

/** The maximum length of a message. */
export const MAX_LENGTH = 4_000;
/** The longest lines that are highlighted. */
const LINE = 239;

/** The tokens of Markdown, links, mentions and code. */
export const SIGNS: readonly string[] = [
  ...'* ** _ ~~ ` ``` [ ] ( ) ]( ![ < > ! \\ - + 1. 0 a @ @" . / " & : # % | = 《 ： ?'.split(' '),
  ...['\n', ' ', 'www.', 'a.com', 'http://', 'mailto:', '🌀'],
];

/** A unit repeated up to a length in Unicode characters. */
export function repeatTo(unit: string, length: number): string {
  const all = unit.repeat(Math.ceil(length / [...unit].length));
  return [...all].slice(0, length).join('');
}

/** Broken into lines of the maximum length. */
export function inLines(text: string): string {
  return text.match(new RegExp(`[^]{1,${LINE}}`, 'g'))?.join('\n') ?? '';
}

export function fence(language: string, code: string): string {
  return `\`\`\`${language}\n${code}`;
}

/** Distinct names, to fill anything that collects names. */
function names(length: number, between: string): string {
  const each = 2 + between.length;
  return Array.from({ length: length / each }, (_, n) => n.toString(36).padStart(2, 'v')).join(
    between,
  );
}

/** Distinct Chinese characters. */
function characters(length: number): string {
  return String.fromCharCode(...Array.from({ length }, (_, n) => 0x4e00 + n));
}

/** Runs of 1, 2, 3, … of a sign. */
function runs(sign: string, length: number, between: string): string {
  const count = Math.floor(Math.sqrt(2 * length));
  return Array.from({ length: count }, (_, n) => sign.repeat(n + 1)).join(between);
}

/** Repeated units: found by search, or by reading the parsers. */
const UNITS: readonly string[] = [
  ...[
    '\\*',
    '\\*a',
    '\\_a\\_ ',
    '\\~~a',
    '\\`',
    '\\[',
    '[\\](',
    '1\\. a\n',
    '\\@a',
    '1. ',
    '1. a\n\n',
    '看a.com',
    'https://аррӏе.com ',
    'https://a例.com',
    '[a.com](http://b.a)',
    '[www.](http://b.a)',
  ],
  ...['1) a\n', '1)\n', '1. a\n2) b\n', '- a\n', '-\n', '*\n', '-\n\n', '- a\n\n', '- ', '- - a\n'],
  ...[
    '- a\n  - b\n',
    '- a\n\n  b\n',
    '- a\n  > b\n',
    '+ a\n- b\n',
    '- ```\n',
    '- a\n-\n',
    '  - a\n',
  ],
  ...['>', '> ', '>a\n', '>a\n\n', '> - ', '>\n>>\n', '> 1. a\n', '> ```\n', '    a\n', '{- - ***'],
  ...['~~~\n', '```js\n', '```js\na\n```\n', '```css\na\n```\n', '```a`\n', 'a\n', 'a  \n', '\\\n'],
  ...['a\u2028', ' \n a', '*a _b ~~c ', 'a**b__c*d_', '***a_', '*_', 'x*a', '~~~a', '你**《a》**'],
  ...['你**', '🌀*', '\\*', '\\', '&amp;', '`a``b', '`` ` ', '[`', '![\n', '[', '[a', '[]', '[[]'],
  ...[
    '[a][',
    '[a](b)',
    '![a](b)',
    '[](a ',
    '[](a',
    '[a](http:// ',
    '[a](http://b ',
    '[a](http://b',
  ],
  ...['[a](<http://b', '[a](http://b "', "[a](b '", '[a](http://b (c', '[a])[a[a<a@b.c>])]('],
  ...[
    '<a',
    '<a:',
    '<http://a.b>',
    '<a@b.c>',
    '@',
    '@a ',
    '@"a ',
    '@a.',
    "@a'",
    '🌀@𝒜 ',
    '@ + [a](',
  ],
  ...[
    'a@b.c ',
    'a@b.c',
    'a@b.c,',
    '+a@b.c',
    'a.com ',
    'a.com.',
    'a.a.',
    '-a.com',
    'a.com#)',
    'www.',
  ],
  ...[
    'http://a.b ',
    'http://',
    'http:/',
    '://',
    'h.com:',
    'mailto:a@b ',
    'http://[::1]',
    '{a.com/',
  ],
  ...[
    'http://a.b/(',
    'http://a.b#))',
    'http://a.b/.........',
    '{a.com/{{a.c{a.com/"',
    '.\\*```yaml\n',
  ],
  ...['🌀b`b`bww.`b`b`b`b`b`bwb`bb`b`bb`bbb`b`b', 'b`b`bww.``b`b`b`b`bw`bb`b`bb`bbb`b`b'],
  ...['<', '&', '"', '🌀', '你好，', 'hello world '],
];

/** In a fence, in lines of the maximum length. */
const CODE: Readonly<Record<string, readonly string[]>> = {
  bash: ['$(', '"$', '{', '`', '<<A\n', 'do '],
  c: ['(*🌀=begin\n1.', '0xwhile |\n[[a{{'],
  cpp: ['R"a(', 'R"abcdefghij(\n', 'namespace a{', '[class=\\'],
  csharp: ['$"{', '\\(*a<a<', '('],
  css: ['a{', 'a(', '@media ', '--', '.-', '\ud83c'],
  dart: ['"${', '$- />>\n'],
  diff: [`+${' '.repeat(236)}b\n`, '/[\n'],
  docker: ['FROM a AS b\n', `RUN${' '.repeat(230)}\n`],
  go: ['`', '\nA\n'],
  html: ['<a>', '<li>', '<a ', '</a>', '<table><tr><td><p>'],
  java: ['>a(\n(.>a(', ';#`!``!`'],
  javascript: ['`${', '(a=>', '/[', 'async/**/', 'class a{', 'for ', '(?\tnew ', '{{\\u'],
  json: ['<a(!', '[', '{"a":'],
  kotlin: ['"""${', '/a/🌀('],
  lua: ['[=[', ']=', 'local}}{'],
  python: ["'''", 'f"{', '(', '^', 'a^\na(^a(^\n'],
  ruby: ['<<A\n', '"#{', '%w(', '/(', '"#@', '{-am%d==a<'],
  rust: ['#[', 'r#"', 'a!', '"#[#"#'],
  scala: ['/*', '0你-'],
  sql: ["'", '/*', '你-@-[-}['],
  swift: ['/*', '"\\(', '#{', '</>\n'],
  toml: ['a="', '"\u2028\n', 'A]=--'],
  typescript: ['a<', 'type a=', 'b?', '(??: &&\nfunction (', '{{readonly'],
  xml: ['<a><a', '<a>'],
  yaml: [`${' '.repeat(238)}b\n`, 'a:', '[', '"\\', 'a#', 'a: ', '!!a ? a'],
};

/** One part repeated, then another. */
const HALVES: readonly (readonly [string, string])[] = [
  ['[', ']'],
  ['[', '](http://a.b)'],
  ['[a', '](http://a.b)'],
  ['*(', ')*'],
  ['**a _', '_ a**'],
  ['`', '``'],
];
const CODE_HALVES: readonly (readonly [string, string, string])[] = [
  ['c', '(', 'a '],
  ['csharp', '(', '\na'],
  ['java', '(', '\na'],
  ['java', 'if ', 'a '],
  ['cpp', 'namespace a{', 'a '],
  ['kotlin', '/*', '*/'],
  ['scala', '/*', '*/'],
  ['sql', '/*', '*/'],
  ['css', '@media (', '}'],
  ['html', '<table><tr><td>', '<p>'],
  ['xml', '<!DOCTYPE <', '>'],
];

function halves(first: string, second: string, length: number): readonly string[] {
  return [repeatTo(first, length / 2), repeatTo(second, length / 2)];
}

/** A text of about the given length in Unicode characters. */
type Hostile = (length: number) => string;

const OTHERS: Readonly<Record<string, Hostile>> = {
  'a host of different characters': (n) => `http://${characters(n)}`,
  'a link to it': (n) => `[a](http://${characters(n)})`,
  'mail to it': (n) => `<mailto:${characters(n)}>`,
  'hosts of different characters': (n) => repeatTo(`http://${characters(62)} `, n),
  'an encoded host': (n) => `[a](http://xn--${repeatTo('a', n)})`,
  'an encoded path': (n) => `http://a.b/${repeatTo('%e4', n)}`,
  'a path of characters to encode': (n) => `http://a.b/${repeatTo('🌀', n)}`,
  'full stops in an address': (n) => `http://a.b/${repeatTo('.', n)}c`,
  'backticks in runs of every length': (n) => runs('`', n, 'a'),
  'fences of every length': (n) => runs('`', n, '\n'),
  'stars in runs of every length': (n) => runs('*', n, 'a'),
  'spaces between two letters': (n) => `a${repeatTo(' ', n)}b`,
  'lines after quotes in quotes': (n) => '>'.repeat(18) + repeatTo('a\n', n),
  'lines after lists in lists': (n) => '- '.repeat(9) + repeatTo('a\n', n),
  'quotes in quotes': (n) => repeatTo(`${'>'.repeat(18)}a\n`, n),
  'lists in lists': (n) => repeatTo(`${'- '.repeat(9)}a\n`, n),
  'a list further and further in': (n) =>
    Array.from({ length: Math.sqrt(n) }, (_, at) => `${'  '.repeat(at)}- a`).join('\n'),
  'code further and further in': (n) =>
    fence(
      'python',
      Array.from({ length: Math.sqrt(2 * n) }, (_, at) => `${' '.repeat(at)}if a:`).join('\n'),
    ),
  'names in loops in loops': (n) =>
    fence('js', `${inLines(repeatTo('for ', n / 2))}\nvar ${inLines(names(n / 2, ','))}`),
  'names in blocks in blocks': (n) =>
    fence('js', `${inLines(repeatTo('{', n / 3))}\n${inLines(names(n / 3, ';var '))}`),
  'names that are looked up': (n) =>
    fence('js', `function f(){\nlet ${inLines(names(n / 2, ','))}\n${inLines(names(n / 2, ' '))}`),
  'every language in turn': (n) =>
    repeatTo(languages.map((name) => `\`\`\`${name}\nlet a="b"\n\`\`\`\n`).join(''), n),
};

/** Texts that were slow once, by their content. */
export const HOSTILE: ReadonlyMap<string, Hostile> = new Map<string, Hostile>([
  ...UNITS.map((unit) => named(unit, (n) => repeatTo(unit, n))),
  ...HALVES.map(([a, b]) => named(`${a} ${b}`, (n) => halves(a, b, n).join(''))),
  ...Object.entries(CODE).flatMap(([language, units]) =>
    units.map((unit) => named(unit, (n) => inLines(repeatTo(unit, n)), language)),
  ),
  ...CODE_HALVES.map(([language, a, b]) =>
    named(`${a} ${b}`, (n) => halves(a, b, n).map(inLines).join('\n'), language),
  ),
  ...Object.entries(OTHERS),
]);

function named(name: string, text: Hostile, language?: string): [string, Hostile] {
  if (language === undefined) return [JSON.stringify(name), text];
  return [`${language}: ${JSON.stringify(name)}`, (n) => fence(language, text(n))];
}

/** One or two signs repeated, and each of them in every language. */
export function* pairs(length: number): Generator<string> {
  for (const first of ['', ...SIGNS]) {
    for (const second of SIGNS) {
      yield repeatTo(first + second, length);
      yield repeatTo(`${first}${second}x`, length);
    }
  }
  for (const language of languages) {
    for (const sign of SIGNS) yield fence(language, inLines(repeatTo(sign, length)));
  }
}
