import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import proxyAddr from 'proxy-addr';

/**
 * The address of the client that makes a request, as a limiter's key. So many `hops` are proxies of
 * ours, counted from this server: each has put the one it heard from at the end of
 * `X-Forwarded-For`. What stands before that anybody can write, and it counts for nothing.
 */
export function clientAddress(request: IncomingMessage, hops: number): string {
  const [peer = '', ...forwarded] = proxyAddr.all(request, (_, hop) => hop < hops);
  // Behind what is no address nothing can be known: the one that passed it on answers for it.
  const unknown = forwarded.findIndex((address) => !isIP(address));
  const known = unknown < 0 ? forwarded : forwarded.slice(0, unknown);
  return household(known.at(-1) ?? peer);
}

/**
 * An IPv4 address; of an IPv6 address the first 64 bits, for one line is given at least as much
 * (RFC 6177), and may take a new address out of it for each request.
 */
function household(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  const isMapped = /^(0,){5}ffff,/.test(groups.join());
  if (isMapped) return ipv4Of(groups.slice(6));
  return `${canonical(`${groups.slice(0, 4).join(':')}::`)}/64`;
}

/** The eight groups of an IPv6 address, without the zone that may follow it. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = canonical(address.replace(/%.*/, '')).split('::');
  const split = (text = '') => (text === '' ? [] : text.split(':'));
  const [before, after] = [split(head), split(tail)];
  return [...before, ...Array(8 - before.length - after.length).fill('0'), ...after];
}

/** An IPv6 address as all write it (RFC 5952): a URL's host is written so. */
function canonical(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** The last two groups of an IPv6 address as an IPv4 address. */
function ipv4Of(groups: readonly string[]): string {
  return groups
    .flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff])
    .join('.');
}
