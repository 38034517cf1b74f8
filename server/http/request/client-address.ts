import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';

/**
 * The address of the client that makes a request, as a limiter's key. So many `hops` are our own
 * proxies, counted from this server: each appended the address it was connected to by to
 * `X-Forwarded-For`. Anybody can write what comes before that, so it does not count.
 */
export function clientAddress(request: IncomingMessage, hops: number): string {
  const [peer = '', ...forwarded] = proxyAddr.all(request, (_, hop) => hop < hops);
  // Beyond an invalid address nothing can be known: the proxy that passed it on counts.
  const unknown = forwarded.findIndex((address) => !isIP(address));
  const known = unknown < 0 ? forwarded : forwarded.slice(0, unknown);
  return rateLimitKey(known.at(-1) ?? peer);
}

/**
 * What a limiter counts by: an IPv4 address; of an IPv6 address the first 64 bits, because a
 * subscriber is assigned at least that much (RFC 6177), and may use a new address for each request.
 */
function rateLimitKey(address: string): string {
  if (!isIPv6(address)) return address;
  // The zone is a name on this machine (RFC 4007, section 11), and irrelevant to the client.
  const parsed = ipaddr.IPv6.parse(address.replace(/%.*/, ''));
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  const network = new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]);
  return `${network.toRFC5952String()}/64`;
}

/**
 * The site of an address, as `clientAddress` returns it: the 48 bits of IPv6 that a site may be
 * assigned (RFC 6177). An IPv4 address has none.
 */
export function siteOf(address: string): string | undefined {
  if (!address.endsWith('/64')) return undefined;
  const { parts } = ipaddr.IPv6.parse(address.slice(0, -'/64'.length));
  return `${new ipaddr.IPv6([...parts.slice(0, 3), 0, 0, 0, 0, 0]).toRFC5952String()}/48`;
}
