import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { ChatError } from '../../core/errors.ts';
import { readTarget } from './target.ts';

/** The maximum length of a DNS name (RFC 1035, section 2.3.4). */
const MAX_NAME = 253;
/** `host[:port]` (RFC 9110, section 7.2): what else a URL's authority may have is not a host. */
const AUTHORITY = /^[^\s/?#@\\]+$/;

/**
 * The names this server answers to. A page of another site can point its name to this machine once
 * it is loaded (DNS rebinding): to the browser it is still the same site, and only the name in
 * `Host` tells it apart. No such page can have an IP address as its name.
 */
export class KnownHosts {
  readonly #names: ReadonlySet<string>;
  /** Suffixes of names, each with its leading dot. */
  readonly #endings: readonly string[];
  readonly #onUnknown: (host: string) => void;

  /**
   * @param names as returned by `readHostName`; addresses and `localhost` are always known
   * @param onUnknown is called for each request to another host
   */
  constructor(names: Iterable<string>, onUnknown: (host: string) => void) {
    const all = ['localhost', '*.localhost', ...names];
    this.#names = new Set(all);
    this.#endings = all.filter((name) => name.startsWith('*')).map((name) => name.slice(1));
    this.#onUnknown = onUnknown;
  }

  /**
   * Reads the target of a request: from here on its `url` is a path with its query, and its `Host`
   * that of its target, which takes precedence over the header (RFC 9112, section 3.2.2).
   * @throws ChatError where the target is invalid, or the host is another one
   */
  accept(request: IncomingMessage): void {
    const target = readTarget(request.url);
    if (!target) throw new ChatError('bad-request');
    request.url = target.path;
    const host = hostOf(request);
    request.headers.host = target.host ?? host;
    // Only a program sends none, over HTTP/1.0.
    if (request.headers.host !== undefined) this.#check(request.headers.host);
  }

  #check(host: string): void {
    const name = nameOf(host);
    if (name === undefined) throw new ChatError('invalid-host');
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

/** The header, if present. @throws ChatError where there are several (RFC 9112, section 3.2) */
function hostOf({ headers, rawHeaders, httpVersion }: IncomingMessage): string | undefined {
  const isMissing = headers.host === undefined && httpVersion !== '1.0';
  if (isMissing || rawHeaders.filter(isHostName).length > 1) throw new ChatError('invalid-host');
  return headers.host;
}

/** Whether a text among the raw headers, where names and values alternate, is the name `Host`. */
function isHostName(text: string, index: number): boolean {
  return text.length === 4 && index % 2 === 0 && text.toLowerCase() === 'host';
}

/** The name or the address in `host[:port]`, as a URL has it; `undefined` where it is invalid. */
function nameOf(authority: string): string | undefined {
  const url = AUTHORITY.test(authority) ? URL.parse(`http://${authority}`) : null;
  // A trailing dot does not make it another name.
  const name = url?.hostname.replace(/\.$/, '');
  return name && name.length <= MAX_NAME ? name : undefined;
}

/** A name as it is configured; a leading `*.` stands for every name below it. */
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
 * The names of a server: as it was configured, and as its machine is known on its network: by its
 * name, by the first label of that, and by multicast DNS (RFC 6762).
 */
export function serverNames({ host, publicUrl, hosts }: Started, machine: string): string[] {
  const [label] = machine.split('.');
  const ofMachine = label ? [machine, label, `${label}.local`] : [];
  const publicName = publicUrl && URL.parse(publicUrl)?.hostname;
  const names = [host, publicName, ...ofMachine];
  return [...names.flatMap((name) => (name && readHostName(name)) || []), ...hosts];
}
