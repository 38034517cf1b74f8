const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What stands for a name in its disc: the initials of two words, or the first two letters. */
export function initials(name: string): string {
  const words = name.split(/[\s\-_.]+/u).filter(Boolean);
  const [first = '', second = ''] = words.map(firstOf);
  // A Chinese name is known by its first character.
  if (/^\p{Script=Han}/u.test(first)) return first;
  if (second !== '') return (first + second).toUpperCase();
  return [...graphemes.segment(words[0] ?? '')]
    .slice(0, 2)
    .map(({ segment }) => segment)
    .join('')
    .toUpperCase();
}

function firstOf(word: string): string {
  const [first] = graphemes.segment(word);
  return first?.segment ?? '';
}
