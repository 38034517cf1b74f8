import type { MarkdownIt } from 'markdown-it';

/**
 * `@name`, or `@"a name"` where there is more to it than letters and digits. Whether somebody bears
 * the name is not asked: a fragment is the same for all, and the page knows who is at it.
 */
const MENTION = /@(?:"([^"\n]{1,100})"|([\p{L}\p{N}\p{M}]+(?:[._'’-][\p{L}\p{N}\p{M}]+)*))/uy;
/** Behind such a character it is an address, or no word of its own. */
const WORD = /[\w.+@/-]/;

/** Makes mentions of what looks like them. */
export function mentions(md: MarkdownIt): void {
  md.inline.ruler.before('link', 'mention', (state, silent) => {
    const { src, pos, posMax } = state;
    if (src[pos] !== '@' || (pos > 0 && WORD.test(src[pos - 1] ?? ''))) return false;
    MENTION.lastIndex = pos;
    const [whole, quoted, word] = MENTION.exec(src) ?? [];
    if (whole === undefined || pos + whole.length > posMax) return false;
    if (!silent) state.push('mention', 'span', 0).content = quoted ?? word ?? '';
    state.pos += whole.length;
    return true;
  });
  md.renderer.rules.mention = (tokens, index) =>
    `<span class="mention">@${md.utils.escapeHtml(tokens[index]?.content ?? '')}</span>`;
}
