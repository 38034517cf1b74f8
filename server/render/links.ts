import type { MarkdownIt, StateCore, StateInline, Token } from 'markdown-it';
import { Bounds } from './bounds.ts';

/*
 * Finds addresses in a text. markdown-it does it by linkify-it, whose expressions go back over what
 * they read: over a hostile text of 4,000 characters for a tenth of a second. Here each reads on over
 * characters of one class, so that none is read more than a few times.
 */

/** The longest name of a host, and of a part of it (RFC 1035, section 2.3.4). */
const MAX_HOST = 253;
const MAX_LABEL = 63;
/** The longest name before the `@` (RFC 5321, section 4.5.3.1.1). */
const MAX_MAIL_NAME = 64;

/** A host after `//`, a name in any script or an address of IPv6, and its port. */
const HOST =
  /\/\/(?:([\p{L}\p{N}\p{M}\p{So}_-]+(?:\.[\p{L}\p{N}\p{M}\p{So}_-]+)*)|\[[\da-f:.]{2,45}\])(?::\d{1,5}(?!\d))?/iuy;
/** What an address goes on with, up to a bracket: no white space, quote, `<`, or punctuation of another script. */
const TAIL = /(?:[!#-'*-;=?-Z\\^-z|~]|[^\p{ASCII}\p{P}\p{Z}\p{Cc}｜])+/uy;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const BRACKETS = '()[]{}';
/** What an address does not end with: it belongs to the sentence around it. */
const ENDS = ".,:;!?'*([{";

/** What may be the name of a host or an address of mail. */
const WORD = /[\p{L}\p{N}\p{M}\p{So}._+@-]+/gu;
const LABEL = /^(?!-)[\p{L}\p{N}\p{M}\p{So}-]+(?<!-)$/u;
const MAIL_NAME = /^[\w+-]+(?:\.[\w+-]+)*$/;

/** An address in a text, and what is to be put before it to make it a URL. */
interface Address {
  readonly start: number;
  readonly end: number;
  readonly scheme: '' | 'http://' | 'mailto:';
}

/**
 * Makes links of addresses: of those with `http://` or `https://`, of those of mail, and of names of
 * hosts that end as one of `tlds`.
 */
export function links(md: MarkdownIt, tlds: ReadonlySet<string>): void {
  md.inline.ruler.at('linkify', urlRule);
  md.core.ruler.at('linkify', (state) => {
    for (const block of state.tokens) {
      if (block.children) block.children = linked(block.children, state, tlds);
    }
  });
  const normalize = md.normalizeLink.bind(md);
  md.normalizeLink = (url) => (hasShortHost(url) ? normalize(url) : '');
  md.validateLink = (url) => /^(?:https?:\/\/|mailto:)/i.test(url);
  // A link without a text, or to nowhere, stays text.
  const { parseLinkLabel } = md.helpers;
  md.helpers.parseLinkLabel = (state, start, disableNested) => {
    const end = parseLinkLabel(state, start, disableNested);
    const says = state.src.slice(start + 1, end).trim() !== '';
    return says && !/^\(\s*\)/.test(state.src.slice(end + 1)) ? end : -1;
  };
}

/** `http://` with what follows, found before the signs in it are taken for Markdown. */
function urlRule(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax, pending, md } = state;
  if (!src.startsWith('://', pos) || state.linkLevel > 0) return false;
  const [scheme] = /(?<![a-z\d+.-])https?$/i.exec(src.slice(Math.max(0, pos - 6), pos)) ?? [];
  HOST.lastIndex = pos + 1;
  const [host, name = ''] = HOST.exec(src) ?? [];
  if (!scheme || !host || !pending.endsWith(scheme) || !isShort(name)) return false;
  const end = Math.min(endOfTail(src, pos + 1 + host.length), posMax);
  if (!silent) {
    if (!Bounds.of(state.env).addLink()) return false;
    const url = src.slice(pos - scheme.length, end);
    state.pending = pending.slice(0, -scheme.length);
    state.push('link_open', 'a', 1).attrs = [['href', md.normalizeLink(url)]];
    state.push('text', '', 0).content = md.normalizeLinkText(url);
    state.push('link_close', 'a', -1);
  }
  state.pos = end;
  return true;
}

/** The tokens of a paragraph, with links for the addresses in what was left as text. */
function linked(tokens: readonly Token[], state: StateCore, tlds: ReadonlySet<string>): Token[] {
  let depth = 0;
  return tokens.flatMap((token, index) => {
    depth += Number(token.type === 'link_open') - Number(token.type === 'link_close');
    if (token.type !== 'text' || depth > 0) return [token];
    // A character written with a `\` is part of no address, nor is what it is joined to.
    const isJoined = tokens[index - 1]?.type === 'text_special';
    const found = addresses(token.content, tlds).filter(({ start }) => !isJoined || start > 0);
    return found.length > 0 ? cut(token, found, state) : [token];
  });
}

/** A text with links in it, as tokens. */
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
    add('link_open', 1).attrs = [['href', md.normalizeLink(url)]];
    add('text', 0, md.normalizeLinkText(url).slice(scheme.length));
    add('link_close', -1);
    last = end;
  }
  if (last < content.length) add('text', 0, content.slice(last));
  return made;
}

/** The addresses of mail and the names of hosts in a text, in their order. */
function addresses(text: string, tlds: ReadonlySet<string>): Address[] {
  const found: Address[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (index < (found.at(-1)?.end ?? 0)) continue;
    const name = word.slice(0, lengthWithout(word, '._-'));
    const before = text.slice(Math.max(0, index - 7), index);
    const address = name.includes('@')
      ? mailAt(name, index, before)
      : hostAt(text, name, index, before, tlds);
    if (address) found.push(address);
  }
  return found;
}

function mailAt(word: string, index: number, before: string): Address | undefined {
  const [name = '', host = '', ...more] = word.split('@');
  const isWritten = /^mailto:$/i.test(before);
  const isName = name.length <= MAX_MAIL_NAME && MAIL_NAME.test(name);
  if (more.length > 0 || !isName || !isHost(host)) return undefined;
  if (isWritten) return { start: index - 7, end: index + word.length, scheme: '' };
  if (/[:/]$/.test(before) || !host.includes('.')) return undefined;
  return { start: index, end: index + word.length, scheme: 'mailto:' };
}

function hostAt(
  text: string,
  name: string,
  index: number,
  before: string,
  tlds: ReadonlySet<string>,
): Address | undefined {
  const tld = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const isTop = tlds.has(tld) || tld.startsWith('xn--');
  if (!name.includes('.') || !isTop || /[:/]$/.test(before) || !isHost(name)) return undefined;
  const end = index + name.length;
  if (/^:\d/.test(text.slice(end, end + 2))) return undefined;
  return { start: index, end: endOfTail(text, end), scheme: 'http://' };
}

function isHost(name: string): boolean {
  return isShort(name) && name.split('.').every((label) => LABEL.test(label));
}

/** Hosts are rewritten in ASCII (RFC 3492): for a long part that takes the square of its length. */
function isShort(host: string): boolean {
  return host.length <= MAX_HOST && host.split('.').every(({ length }) => length <= MAX_LABEL);
}

function hasShortHost(url: string): boolean {
  const [, host = ''] = /^[a-z]+:(?:\/\/)?([^/?#]*)/i.exec(url) ?? [];
  return isShort(host);
}

/**
 * Where the path, query and fragment end that begin at `start`, if any do: before a bracket that
 * closes what was opened before the address. Nothing is read that is not part of it.
 */
function endOfTail(text: string, start: number): number {
  if (!/^[/?#]/.test(text.charAt(start))) return start;
  const open: (string | undefined)[] = [];
  for (let end = start; ; end += 1) {
    TAIL.lastIndex = end;
    if (TAIL.test(text)) end = TAIL.lastIndex;
    const bracket = text.charAt(end);
    const closing = CLOSING[bracket];
    if (closing) open.push(closing);
    else if (bracket === '' || !BRACKETS.includes(bracket) || open.pop() !== bracket)
      return start + lengthWithout(text.slice(start, end), ENDS);
  }
}

/** How long a text is without some signs at its end. */
function lengthWithout(text: string, signs: string): number {
  let { length } = text;
  while (length > 0 && signs.includes(text.charAt(length - 1))) length -= 1;
  return length;
}
