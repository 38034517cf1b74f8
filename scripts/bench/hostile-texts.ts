/** What Markdown, links, mentions and code are made of. */
const SIGNS =
  '* ** _ ~~ ` ``` [ ] ( ) ]( ![ < > ! \\ \n - + 1. 0 a @ @" . / " & : # % | = 《 ： www. a.com http:// mailto: ?'.split(
    ' ',
  );
const MAX = 4_000;

const LANGUAGES = ['bash', 'c', 'css', 'html', 'js', 'json', 'python', 'sql', 'ts', 'yaml'];

function filled(unit: string): string {
  return unit.repeat(Math.ceil(MAX / unit.length)).slice(0, MAX);
}

/** Texts as long as one may be, made to take their time: one or two signs over and over. */
export function* hostileTexts(): Generator<string> {
  const units = ['', ' ', ...SIGNS].flatMap((first) => SIGNS.map((second) => first + second));
  for (const unit of units) {
    yield filled(unit);
    yield filled(`${unit}x`);
    yield filled(unit).slice(0, MAX / 2) + filled(unit.split('').reverse().join('')).slice(MAX / 2);
  }
  for (const language of LANGUAGES) {
    for (const sign of ['{', '$', '0', '"', "'", '/*', '#', ...SIGNS]) {
      const head = `\`\`\`${language}\n`;
      yield (head + filled(sign)).slice(0, MAX);
      // In lines as long as are read.
      yield (head + filled(filled(sign).slice(0, 239).concat('\n'))).slice(0, MAX);
    }
    yield filled(`\`\`\`${language}\na=1\n\`\`\`\n`);
  }
}
