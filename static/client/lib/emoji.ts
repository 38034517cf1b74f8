import list from './emoji.txt';

interface Emoji {
  readonly emoji: string;
  /** Its shortcodes, without colons. */
  readonly codes: readonly string[];
  /** What finds it in Chinese. */
  readonly keywords: readonly string[];
}

const all: readonly Emoji[] = list
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [emoji = '', codes = '', keywords = ''] = line.split('\t');
    return { emoji, codes: codes.split(' '), keywords: keywords.split(' ').filter(Boolean) };
  });

/** The emoji whose name matches, or nearly does: those whose name begins with the text first. */
export function findEmoji(text: string, max: number): readonly Emoji[] {
  const wanted = text.toLowerCase();
  const rank = ({ codes, keywords }: Emoji): number => {
    const names = [...codes, ...keywords];
    if (names.includes(wanted)) return 0;
    if (names.some((name) => name.startsWith(wanted))) return 1;
    return names.some((name) => name.includes(wanted)) ? 2 : 3;
  };
  return all
    .map((emoji) => ({ emoji, rank: rank(emoji) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, max)
    .map(({ emoji }) => emoji);
}

/** The emoji of exactly this name. */
export function emojiCalled(code: string): string | undefined {
  return all.find(({ codes }) => codes.includes(code))?.emoji;
}
