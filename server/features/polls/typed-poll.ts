import { characterAt, UNSPACED } from '../../shared/scripts.ts';

/** A poll as it is typed: `"Question" one | two | three`. */
interface TypedPoll {
  readonly question: string;
  readonly options: readonly string[];
}

/** Opening quotation marks of any keyboard, each with the closing ones, preferred first. */
const QUOTES: Readonly<Record<string, readonly string[]>> = {
  '"': ['"＂', '”“„'],
  '＂': ['＂"', '”“'],
  '“': ['”', '“"＂'],
  '”': ['”', '“"＂'],
  '„': ['“”', '"＂'],
  '«': ['»'],
  '»': ['«', '»'],
  '‹': ['›'],
  '›': ['‹', '›'],
  '「': ['」'],
  '｢': ['｣'],
  '『': ['』'],
  '《': ['》'],
  '〝': ['〞〟'],
};
/** These are apostrophes, too: within a word they close nothing. */
const SINGLE: Readonly<Record<string, string>> = { "'": "'’＇", '＇': "＇'", '‘': '’', '’': '’' };
/** A separator of options, as any keyboard has it. Each line is an option, too. */
const BETWEEN = /[|｜￨│∣¦\n]/;

/** @returns `undefined` if there is no question in quotes */
export function readTypedPoll(text: string): TypedPoll | undefined {
  const open = text.charAt(0);
  const end = endOfQuestion(text, open);
  if (end < 0) return undefined;
  const options = text.slice(end + 1).trim();
  if (options === '') return { question: text.slice(1, end), options: [] };
  // An enumeration comma separates options only if there is no clearer separator.
  const between = BETWEEN.test(options) ? BETWEEN : '、';
  return { question: text.slice(1, end), options: options.split(between) };
}

/** The index of the closing quote for an opening one. */
function endOfQuestion(text: string, open: string): number {
  const single = SINGLE[open];
  if (single !== undefined) {
    for (let at = 1; at < text.length; at += 1) {
      const next = characterAt(text, at + 1);
      if (single.includes(text.charAt(at)) && (/^\s?$/.test(next) || UNSPACED.test(next)))
        return at;
    }
    return -1;
  }
  for (const ends of QUOTES[open] ?? []) {
    for (let at = 1; at < text.length; at += 1) if (ends.includes(text.charAt(at))) return at;
  }
  return -1;
}
