import { UNSPACED_SCRIPTS } from '../../../shared/scripts.ts';

/*
 * Finds URLs, host names and email addresses in a text. markdown-it uses linkify-it, whose regular
 * expressions backtrack: 4,000 hostile characters take a tenth of a second. Each expression here
 * reads on over characters of one class, so that none is read more than a few times.
 *
 * In a script without spaces the sentence continues right after an address, so an address ends
 * where such a letter is next to an ASCII one.
 */

/** The maximum length of a host name, and of a label (RFC 1035, section 2.3.4). */
const MAX_HOST = 253;
const MAX_LABEL = 63;
/** The maximum length of the name before the `@` (RFC 5321, section 4.5.3.1.1). */
const MAX_MAIL_NAME = 64;

/** A host after `//`: a name in any script, or an IPv6 address. */
const HOST =
  /\/\/(?:([\p{L}\p{N}\p{M}\p{So}_-]+(?:\.[\p{L}\p{N}\p{M}\p{So}_-]+)*)|\[[\da-f:.]{2,45}\])/iuy;
const PORT = /:\d{1,5}(?!\d)/y;
/** Where a sentence continues after an address, and where an address begins in one. */
const SENTENCE = new RegExp(String.raw`(?<=[a-z\d])(?=[${UNSPACED_SCRIPTS}])`, 'giv');
const BOUNDARY = new RegExp(
  String.raw`(?<=[a-z\d])(?=[${UNSPACED_SCRIPTS}])|(?<=[${UNSPACED_SCRIPTS}])(?=[a-z\d])`,
  'iv',
);
/**
 * The rest of an address, up to a bracket: no white space, quote, `<`, punctuation of another
 * script, or invisible character.
 */
const TAIL = new RegExp(
  String.raw`(?:[!#-'*-;=?-Z\\\^-z\|~]|(?<![a-zA-Z\d])[${UNSPACED_SCRIPTS}]` +
    String.raw`|[[^\p{ASCII}\p{P}\p{Z}\p{Cc}\p{Cf}｜]--[${UNSPACED_SCRIPTS}]])+`,
  'vy',
);
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const BRACKETS = '()[]{}';
/** What an address doesn't end with: it belongs to the sentence around it. */
const ENDS = ".,:;!?'*([{";

/** What may be a host name or an email address. */
const WORD = /[\p{L}\p{N}\p{M}\p{So}._+@-]+/gu;
const LABEL = /^(?!-)[\p{L}\p{N}\p{M}\p{So}-]+(?<!-)$/u;
const ASCII_START = /^[\w-]+\./;
const MAIL_NAME = /^[\w+-]+(?:\.[\w+-]+)*$/;

/** An address in a text, and the prefix that makes it a URL. */
export interface Address {
  readonly start: number;
  readonly end: number;
  readonly scheme: '' | 'http://' | 'mailto:';
}

/** Where a URL ends whose `//` is at a given index, if it is one. */
export function endOfUrl(text: string, slashes: number): number | undefined {
  HOST.lastIndex = slashes;
  const [whole, name = ''] = HOST.exec(text) ?? [];
  const host = withoutSentence(name);
  if (whole === undefined || !isShort(host)) return undefined;
  const end = slashes + whole.length - name.length + host.length;
  // The rest belongs to the sentence.
  if (host !== name) return end;
  PORT.lastIndex = end;
  return endOfTail(text, end + (PORT.exec(text)?.[0].length ?? 0));
}

function withoutSentence(name: string): string {
  const hosts = Array.from(name.matchAll(SENTENCE), ({ index }) => name.slice(0, index));
  const isWhole = (host: string) => host.includes('.') || /^localhost$/i.test(host);
  return hosts.find(isWhole) ?? (name.includes('.') ? name : (hosts[0] ?? name));
}

/**
 * The email addresses and host names in a text, in order: hosts only with a top-level domain in
 * `tlds`.
 */
export function addresses(text: string, tlds: ReadonlySet<string>): Address[] {
  const found: Address[] = [];
  for (const { 0: word, index: start } of text.matchAll(WORD)) {
    let index = start;
    for (const part of word.split(BOUNDARY)) {
      const address = index < (found.at(-1)?.end ?? 0) ? undefined : at(text, part, index, tlds);
      if (address) found.push(address);
      index += part.length;
    }
  }
  return found;
}

function at(
  text: string,
  word: string,
  index: number,
  tlds: ReadonlySet<string>,
): Address | undefined {
  const name = word.slice(0, lengthWithout(word, '._-'));
  const before = text.slice(Math.max(0, index - 7), index);
  return name.includes('@') ? mailAt(name, index, before) : hostAt(text, name, index, before, tlds);
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
  // Where a name begins in a script without spaces can't be known.
  if (!ASCII_START.test(name) || !isTop || /[:/\\]$/.test(before) || !isHost(name)) {
    return undefined;
  }
  const end = index + name.length;
  if (/^:\d/.test(text.slice(end, end + 2))) return undefined;
  return { start: index, end: endOfTail(text, end), scheme: 'http://' };
}

function isHost(name: string): boolean {
  return isShort(name) && name.split('.').every((label) => LABEL.test(label));
}

/** Hosts are converted to ASCII (RFC 3492), which takes quadratic time for a long label. */
export function isShort(host: string): boolean {
  return host.length <= MAX_HOST && host.split('.').every(({ length }) => length <= MAX_LABEL);
}

/**
 * Where the path, query and fragment that begin at `start` end, if there are any: before a bracket
 * that closes one opened before the address. Nothing beyond them is read.
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

/** The length of a text without certain characters at its end. */
function lengthWithout(text: string, signs: string): number {
  let { length } = text;
  while (length > 0 && signs.includes(text.charAt(length - 1))) length -= 1;
  return length;
}
