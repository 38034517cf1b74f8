import type { MarkdownIt, StateInline } from 'markdown-it';
import { characterBefore, UNSPACED } from '../../../shared/scripts.ts';

/**
 * `@name`, or `@"a name"` if it has more than letters and digits, with the signs of any keyboard.
 * Whether a user has the name doesn't matter: a fragment is the same for everybody, and the page knows its user.
 */
const MENTION =
  /[@＠](?:["“＂]([^"“”＂\n]{1,100})["”＂]|([\p{L}\p{N}\p{M}]+(?:[._'’-][\p{L}\p{N}\p{M}]+)*))/uy;
/** After such a character it is an address, or not a word of its own. */
const WORD = /[\p{L}\p{N}\p{M}_.+@＠/-]/u;

interface Mention {
  readonly name: string;
  readonly length: number;
}

/** The mention at an index of a text, whatever is before it. */
export function mentionAt(text: string, at: number): Mention | undefined {
  MENTION.lastIndex = at;
  const [whole, quoted, word] = MENTION.exec(text) ?? [];
  return whole === undefined ? undefined : { name: quoted ?? word ?? '', length: whole.length };
}

/** Turns mentions into elements. */
export function mentions(md: MarkdownIt): void {
  md.inline.ruler.before('link', 'mention', (state, silent) => {
    const { src, pos, posMax } = state;
    if ((src[pos] !== '@' && src[pos] !== '＠') || isInWord(state)) return false;
    const mention = mentionAt(src, pos);
    if (!mention || pos + mention.length > posMax) return false;
    if (!silent) state.push('mention', 'span', 0).content = mention.name;
    state.pos += mention.length;
    return true;
  });
  md.renderer.rules.mention = (tokens, index) =>
    `<span class="mention">@${md.utils.escapeHtml(tokens[index]?.content ?? '')}</span>`;
}

/** Of two names with a slash between them, the second is a mention, too. */
function isInWord({ src, pos, pending, tokens }: StateInline): boolean {
  const before = characterBefore(src, pos);
  if (before === '/' && pending === '/' && tokens.at(-1)?.type === 'mention') return false;
  return WORD.test(before) && !UNSPACED.test(before);
}
