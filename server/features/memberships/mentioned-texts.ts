import { characterBefore, UNSPACED } from '../../shared/scripts.ts';

/** Mentions in one message that are looked up. */
const MAX_MENTIONS = 10;
/** The longest name, in UTF-16 units: 32 characters, of which each may be an emoji of several. */
const MAX_NAME = 100;
const QUOTED = /^["“＂]([^"“”＂\n]{1,100})["”＂]/u;
/** After such a character an `@` belongs to an address, or to a word. */
const WORD = /[\p{L}\p{N}\p{M}_.+@＠/-]/u;
const FENCE = /^ {0,3}(?:```|~~~)/;

interface MentionedText {
  readonly text: string;
  /** Whether the text is the name; otherwise it begins with it, and goes on. */
  readonly isWhole: boolean;
}

/**
 * What follows each `@` of a message that may be a mention: not in quotes, which are another user's,
 * and not in code. The Markdown decides what is shown as a mention; this is about who is counted.
 */
export function mentionedTexts(body: string): readonly MentionedText[] {
  if (!/[@＠]/.test(body)) return [];
  const text = prose(body);
  const found: MentionedText[] = [];
  for (const { index } of text.matchAll(/[@＠]/g)) {
    const before = characterBefore(text, index);
    if (WORD.test(before) && !UNSPACED.test(before)) continue;
    const after = text.slice(index + 1, index + 1 + MAX_NAME + 2);
    const [, quoted] = QUOTED.exec(after) ?? [];
    const [line = ''] = after.split('\n');
    if (quoted !== undefined) found.push({ text: quoted, isWhole: true });
    else if (line !== '') found.push({ text: line, isWhole: false });
    if (found.length === MAX_MENTIONS) break;
  }
  return found;
}

/** Without quotes and code. */
function prose(body: string): string {
  let isFenced = false;
  const lines = body.split('\n').filter((line) => {
    const isFence = FENCE.test(line);
    if (isFence) isFenced = !isFenced;
    return !isFence && !isFenced && !/^ {0,3}>/.test(line);
  });
  return lines.join('\n').replace(/`[^`\n]*`/g, ' ');
}
