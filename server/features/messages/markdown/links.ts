import type { MarkdownIt, StateCore, StateInline, Token } from 'markdown-it';
import { type Address, addresses, endOfUrl, isShort } from './addresses.ts';
import { Bounds } from './bounds.ts';
import { shownHost } from './hosts.ts';
import { isMasked } from './masks.ts';

/** A host and what is before it: the name in an email address. */
const HOST = /^((?:https?:\/\/|mailto:[^@?]*@)?)([^/?#:]*)/i;
/** Percent-encoded: it is invisible, or changes the direction of the text around it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Turns addresses into links: URLs with `http://` or `https://`, email addresses, and host names
 * with a top-level domain in `tlds`.
 */
export function links(md: MarkdownIt, tlds: ReadonlySet<string>): void {
  md.inline.ruler.at('linkify', urlRule);
  md.core.ruler.at('linkify', (state) => {
    for (const block of state.tokens) {
      if (!block.children) continue;
      block.children = unmasked(linked(block.children, state, tlds), state, tlds);
    }
  });
  const normalize = md.normalizeLink.bind(md);
  md.normalizeLink = (url) => (hasShortHost(url) ? normalize(url) : '');
  // In a URL, what is before an `@` looks like the host.
  md.validateLink = (url) => /^(?:https?:\/\/(?![^/?#]*@)|mailto:)/i.test(url);
  const shown = md.normalizeLinkText.bind(md);
  md.normalizeLinkText = (url) =>
    shown(url)
      .replace(HOST, (_, before: string, host: string) => before + shownHost(host))
      .replace(UNSEEN, encodeURIComponent);
  // A link without text, or without a destination, stays text.
  const { parseLinkLabel } = md.helpers;
  md.helpers.parseLinkLabel = (state, start, disableNested) => {
    const end = parseLinkLabel(state, start, disableNested);
    const says = state.src.slice(start + 1, end).trim() !== '';
    return says && !/^\(\s*\)/.test(state.src.slice(end + 1)) ? end : -1;
  };
}

/** `http://` with what follows, found before Markdown is parsed in it. */
function urlRule(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax, pending, md } = state;
  if (!src.startsWith('://', pos) || state.linkLevel > 0) return false;
  const [scheme] = /(?<![a-z\d+.-])https?$/i.exec(src.slice(Math.max(0, pos - 6), pos)) ?? [];
  if (!scheme || !pending.endsWith(scheme)) return false;
  const found = endOfUrl(src, pos + 1);
  if (found === undefined) return false;
  const end = Math.min(found, posMax);
  if (!silent) {
    if (!Bounds.of(state.env).addLink()) return false;
    const url = src.slice(pos - scheme.length, end);
    state.pending = pending.slice(0, -scheme.length);
    Object.assign(state.push('link_open', 'a', 1), {
      attrs: [['href', md.normalizeLink(url)]],
      info: 'auto',
    });
    state.push('text', '', 0).content = md.normalizeLinkText(url);
    state.push('link_close', 'a', -1);
  }
  state.pos = end;
  return true;
}

/** The tokens of a paragraph, with links for the addresses in its remaining text. */
function linked(tokens: readonly Token[], state: StateCore, tlds: ReadonlySet<string>): Token[] {
  let depth = 0;
  return tokens.flatMap((token, index) => {
    depth += Number(token.type === 'link_open') - Number(token.type === 'link_close');
    if (token.type !== 'text' || depth > 0) return [token];
    // An escaped character is part of no address, nor is what it is joined to.
    const isJoined = tokens[index - 1]?.type === 'text_special';
    const found = addresses(token.content, tlds).filter(({ start }) => !isJoined || start > 0);
    return found.length > 0 ? cut(token, found, state) : [token];
  });
}

/** Splits a text with links in it into tokens. */
function cut({ content, level }: Token, found: readonly Address[], { md, Token, env }: StateCore) {
  const made: Token[] = [];
  const add = (type: string, nesting: -1 | 0 | 1, text = '') => {
    const token = new Token(type, nesting === 0 ? '' : 'a', nesting);
    token.level = level + Number(made.at(-1)?.type === 'link_open');
    token.content = text;
    made.push(token);
    return token;
  };
  let last = 0;
  for (const { start, end, scheme } of found) {
    if (!Bounds.of(env).addLink()) break;
    const url = scheme + content.slice(start, end);
    if (start > last) add('text', 0, content.slice(last, start));
    const attrs = [['href', md.normalizeLink(url)]];
    Object.assign(add('link_open', 1), { attrs, info: 'auto' });
    add('text', 0, md.normalizeLinkText(url).slice(scheme.length));
    add('link_close', -1);
    last = end;
  }
  if (last < content.length) add('text', 0, content.slice(last));
  return made;
}

/** The same tokens, with the destination after each link whose text names another site. */
function unmasked(
  tokens: readonly Token[],
  { md, Token }: StateCore,
  tlds: ReadonlySet<string>,
): Token[] {
  let open: Token | undefined;
  let text = '';
  return tokens.flatMap((token) => {
    if (token.type === 'link_open' && token.info !== 'auto') {
      open = token;
      text = '';
    } else if (token.type === 'link_close' && open) {
      const href = String(open.attrGet('href'));
      open = undefined;
      if (!isMasked(text, href, tlds)) return [token];
      const address = new Token('text', '', 0);
      address.level = token.level;
      address.content = ` (${md.normalizeLinkText(href).replace(/^mailto:/i, '')})`;
      return [token, address];
    } else if (open) text += token.type.endsWith('break') ? ' ' : token.content;
    return [token];
  });
}

function hasShortHost(url: string): boolean {
  const [, host = ''] = /^[a-z]+:(?:\/\/)?([^/?#]*)/i.exec(url) ?? [];
  return isShort(host);
}
