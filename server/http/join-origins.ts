import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Middleware } from 'koa';
import type { Identity } from '../auth/identity.ts';
import { addressKey } from '../limits/address-key.ts';
import { isLoopbackHost } from '../shared/loopback.ts';
import { type NetworkInterfaces, networkHosts, originOf, rangeOf } from './network-addresses.ts';

/** The addresses of a machine change while it runs: they are read again after this time. */
const CACHE_MS = 5_000;

/** Where others can open the pages of this server, as the templates know it. */
interface JoinView {
  /** Origins; the first is the most likely to work. */
  readonly origins: readonly string[];
  /** Whether they hold wherever a page was opened, and not only on this machine. */
  readonly isPublic: boolean;
  /** Whether the server listens on this machine only. */
  readonly isPrivate: boolean;
}

interface Started {
  readonly publicUrl: string | undefined;
  /** The name or the address to listen on. */
  readonly host: string | undefined;
  /** The certificate, where the server speaks TLS. */
  readonly tlsCert: string | undefined;
}

/** The origins that are given to others: a page opened on `localhost` cannot give them its own. */
export class JoinOrigins {
  readonly #config: Started;
  readonly #interfaces: () => NetworkInterfaces;
  readonly #now: () => number;
  #bound: AddressInfo | undefined;
  #known: { readonly origins: readonly string[]; readonly at: number } | undefined;

  /**
   * @param interfaces of this machine
   * @param now a monotonic clock, in milliseconds
   */
  constructor(
    config: Started,
    interfaces: () => NetworkInterfaces,
    now: () => number = performance.now.bind(performance),
  ) {
    this.#config = config;
    this.#interfaces = interfaces;
    this.#now = now;
  }

  /** Sets what the server listens on. */
  set bound(address: AddressInfo) {
    this.#bound = address;
  }

  /** The public origin, or else those under which other machines on the network reach the server. */
  get all(): readonly string[] {
    const { publicUrl } = this.#config;
    return publicUrl === undefined ? this.#network : [publicUrl];
  }

  /**
   * What a page of this request may show. The addresses of this machine are only shown on the machine
   * itself; elsewhere, the address at which the page was opened is one that works.
   * @param address the client's, as `addressKey` returns it
   */
  viewFor({ headers }: IncomingMessage, address: string): JoinView {
    const isPublic = this.#config.publicUrl !== undefined;
    const hostname = URL.parse(`http://${headers.host}`)?.hostname ?? '';
    const isHere = isLoopbackHost(hostname) && isLoopbackClient(address);
    return { origins: isPublic || isHere ? this.all : [], isPublic, isPrivate: this.isPrivate };
  }

  /** Whether only this machine reaches the server. */
  get isPrivate(): boolean {
    return this.#bound !== undefined && rangeOf(this.#bound.address) === 'loopback';
  }

  get #network(): readonly string[] {
    const bound = this.#bound;
    const { host: name, tlsCert } = this.#config;
    const scheme = tlsCert === undefined ? 'http' : 'https';
    if (!bound) return [];
    const now = this.#now();
    if (!this.#known || now - this.#known.at > CACHE_MS) {
      const hosts = networkHosts(bound, name, this.#interfaces());
      this.#known = { origins: hosts.map((host) => originOf(scheme, host, bound.port)), at: now };
    }
    return this.#known.origins;
  }
}

/** Gives the templates the function `join`, which returns a `JoinView`. */
export function offerJoinOrigins(origins: JoinOrigins, identity: Identity): Middleware {
  return (ctx, next) => {
    ctx.state.join = () => origins.viewFor(ctx.req, identity.address(ctx.req));
    return next();
  };
}

function isLoopbackClient(address: string): boolean {
  return address.startsWith('127.') || address === addressKey('::1');
}
