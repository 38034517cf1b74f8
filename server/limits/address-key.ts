import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * What a limiter counts by: an IPv4 address; of an IPv6 address the first 64 bits, because a
 * subscriber is assigned at least that much (RFC 6177), and may use a new address for each request.
 */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  // The zone is a name on this machine (RFC 4007, section 11), and irrelevant to the client.
  const parsed = ipaddr.IPv6.parse(address.replace(/%.*/, ''));
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  const network = new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]);
  return `${network.toRFC5952String()}/64`;
}

/**
 * The site of an address, as `addressKey` returns it: the 48 bits of IPv6 that a site may be
 * assigned (RFC 6177). An IPv4 address has none.
 */
export function siteOf(address: string): string | undefined {
  if (!address.endsWith('/64')) return undefined;
  const { parts } = ipaddr.IPv6.parse(address.slice(0, -'/64'.length));
  return `${new ipaddr.IPv6([...parts.slice(0, 3), 0, 0, 0, 0, 0]).toRFC5952String()}/48`;
}
