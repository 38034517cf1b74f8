import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/*
 * Generates static/client/lib/emoji.txt, the emoji that can be completed. Its source has 49 MB, of
 * which this is 1 in 500: so it is installed for this script only.
 *
 *   npm install --no-save emojibase-data@17.0.0 && node scripts/emoji.ts
 */

interface Emoji {
  readonly emoji: string;
  readonly hexcode: string;
  readonly label: string;
  readonly tags?: readonly string[];
  readonly group?: number;
  readonly version: number;
}
type Codes = Readonly<Record<string, string | readonly string[]>>;

/** Many devices cannot display newer ones. */
const NEWEST = 15;
/** The maximum number of Chinese keywords for each. */
const MOST_WORDS = 6;

const load = createRequire(import.meta.url);
const english = load('emojibase-data/en/data.json') as readonly Emoji[];
const chinese = new Map(
  (load('emojibase-data/zh/data.json') as readonly Emoji[]).map((one) => [one.hexcode, one]),
);
const github = load('emojibase-data/en/shortcodes/github.json') as Codes;
const others = load('emojibase-data/en/shortcodes/emojibase.json') as Codes;

const lines = english
  .filter(({ group, version }) => group !== undefined && version <= NEWEST)
  .map(({ emoji, hexcode }) => {
    const codes = [github[hexcode] ?? others[hexcode] ?? []].flat();
    const { label = '', tags = [] } = chinese.get(hexcode) ?? {};
    const words = [...new Set([label, ...tags])].slice(0, MOST_WORDS);
    return [emoji, codes.join(' '), words.join(' ')].join('\t');
  });
const head = '# From emojibase-data 17.0.0 (MIT, Copyright (c) 2017-2019 Miles Johnson)';
writeFileSync(
  new URL('../static/client/lib/emoji.txt', import.meta.url),
  `${[head, ...lines].join('\n')}\n`,
);
