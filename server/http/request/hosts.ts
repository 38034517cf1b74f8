import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { ChatError } from '../../core/errors.ts';
import { readTarget } from './target.ts';

/** A name in DNS has no more characters (RFC 1035, section 2.3.4). */
const MAX_NAME = 253;
/** `host[:port]` (RFC 9110, section 7.2): what else a URL's authority may have is no host. */
const AUTHORITY = /^[^\s/?#@\\]+$/;

/**
 * The names this server answers to. A page of another site can have the name of that site lead to
 * this machine once it is loaded (DNS rebinding): to the browser it is the same site still, and would
 * be let in, if it were not for the name in `Host`. No such page can have an IP address for a name.
 */
export class KnownHosts {
  readonly #names: ReadonlySet<string>;
  /** Endings of names, each with the dot before it. */
  readonly #endings: readonly string[];
  readonly #onUnknown: (host: string) => void;

  /**
   * @param names as `readHostName` gives them; addresses and `localhost` are always known
   * @param onUnknown hears of each request for another host
   */
  constructor(names: Iterable<string>, onUnknown: (host: string) => void) {
    const all = ['localhost', '*.localhost', ...names];
    this.#names = new Set(all);
    this.#endings = all.filter((name) => name.startsWith('*')).map((name) => name.slice(1));
    this.#onUnknown = onUnknown;
  }

  /**
   * Reads what a request is for: from here on its `url` is a path with its query, and its `Host` that
   * of its target, which goes before the header (RFC 9112, section 3.2.2).
   * @throws ChatError where it is for nothing, or for another host
   */
  accept(request: IncomingMessage): void {
    const target = readTarget(request.url);
    if (!target) throw new ChatError('bad-request');
    request.url = target.path;
    const host = hostOf(request);
    request.headers.host = target.host ?? host;
    // Only a program asks without one, by HTTP/1.0.
    if (request.headers.host !== undefined) this.#check(request.headers.host);
  }

  #check(host: string): void {
    const name = nameOf(host);
    if (name === undefined) throw new ChatError('bad-host');
    if (this.#isKnown(name)) return;
    this.#onUnknown(name);
    throw new ChatError('unknown-host', { host: name });
  }

  #isKnown(name: string): boolean {
    return (
      isIP(name.replace(/^\[|\]$/g, '')) !== 0 ||
      this.#names.has(name) ||
      this.#endings.some((ending) => name.endsWith(ending))
    );
  }
}

/** The header, if there is one. @throws ChatError where there are more (RFC 9112, section 3.2) */
function hostOf({ headers, rawHeaders, httpVersion }: IncomingMessage): string | undefined {
  const isMissing = headers.host === undefined && httpVersion !== '1.0';
  if (isMissing || rawHeaders.filter(isHostName).length > 1) throw new ChatError('bad-host');
  return headers.host;
}

/** Whether a text among the raw headers, where names and values take turns, is the name `Host`. */
function isHostName(text: string, index: number): boolean {
  return text.length === 4 && index % 2 === 0 && text.toLowerCase() === 'host';
}

/** The name or the address in `host[:port]`, as a URL has it; `undefined` where it is neither. */
function nameOf(authority: string): string | undefined {
  const url = AUTHORITY.test(authority) ? URL.parse(`http://${authority}`) : null;
  // The dot that may end a name makes it no other.
  const name = url?.hostname.replace(/\.$/, '');
  return name && name.length <= MAX_NAME ? name : undefined;
}

/** A name as somebody gives it to the server; `*.` before it stands for every name below it. */
export function readHostName(text: string): string | undefined {
  const [, wildcard = '', rest = ''] = /^(\*\.)?(.*)$/s.exec(text.trim()) ?? [];
  const name = /[:*]/.test(rest) ? undefined : nameOf(rest);
  return name === undefined ? undefined : wildcard + name;
}

interface Started {
  /** The name or the address to listen on. */
  readonly host: string | undefined;
  readonly publicUrl: string | undefined;
  readonly hosts: Iterable<string>;
}

/**
 * What a server is called: as it was started, and as its machine is on its network, by its name, by
 * the first part of that, and by multicast DNS (RFC 6762).
 */
export function serverNames({ host, publicUrl, hosts }: Started, machine: string): string[] {
  const [label] = machine.split('.');
  const ofMachine = label ? [machine, label, `${label}.local`] : [];
  const publicName = publicUrl && URL.parse(publicUrl)?.hostname;
  const names = [host, publicName, ...ofMachine];
  return [...names.flatMap((name) => (name && readHostName(name)) || []), ...hosts];
}
