import { type AddressInfo, isIPv6 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import ipaddr from 'ipaddr.js';

export type NetworkInterfaces = Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>;

/** Interfaces between this machine and its own containers and virtual machines, by name. */
const VIRTUAL =
  /^(?:docker|br-[\da-f]{12}$|veth|virbr|vnet|cni|flannel|cali|podman|lxcbr|lxdbr|incusbr|vmnet|vboxnet|vEthernet \((?:WSL|Default Switch))/;
/** Interfaces of virtual private networks: the machines nearby are rarely on them. */
const PRIVATE_NETWORK = /^(?:tun|tap|utun|wg|tailscale|zt|ppp)/;
/** Kinds of addresses that other machines cannot use (RFC 6890), as ipaddr.js calls them. */
const UNUSABLE = new Set(['unspecified', 'loopback', 'linkLocal', 'multicast', 'broadcast']);

/**
 * The hosts under which other machines reach a server, the most likely first: IPv4 before IPv6, an
 * IPv6 address in brackets. Empty where only this machine reaches it.
 * @param bound what the server listens on
 * @param host what it was started to listen on, which may be a name
 */
export function networkHosts(
  bound: AddressInfo,
  host: string | undefined,
  interfaces: NetworkInterfaces,
): readonly string[] {
  if (rangeOf(bound.address) !== 'unspecified') {
    return UNUSABLE.has(rangeOf(bound.address)) ? [] : [authorityOf(host ?? bound.address)];
  }
  const found = Object.entries(interfaces)
    .filter(([name]) => !VIRTUAL.test(name))
    .flatMap(([name, infos = []]) => usableOf(infos).map((info) => ({ name, ...info })))
    .filter(({ family }) => family === 'IPv4' || bound.family === 'IPv6')
    .map(({ name, family, address }) => ({
      address,
      rank: Number(PRIVATE_NETWORK.test(name)) + 2 * Number(family === 'IPv6'),
    }));
  return found.sort((a, b) => a.rank - b.rank).map(({ address }) => authorityOf(address));
}

/** Of an interface every IPv4 address, and one IPv6 address: it may have several that change. */
function usableOf(infos: readonly NetworkInterfaceInfo[]): readonly NetworkInterfaceInfo[] {
  const usable = infos.filter(
    ({ internal, address }) => !internal && !UNUSABLE.has(rangeOf(address)),
  );
  const ipv6 = usable.find(({ family }) => family === 'IPv6');
  return usable.filter((info) => info.family === 'IPv4' || info === ipv6);
}

/**
 * What kind of address it is, as ipaddr.js calls it. The zone of a link-local address (RFC 4007,
 * section 11) is not part of its number.
 */
export function rangeOf(address: string): string {
  return ipaddr.process(address.replace(/%.*/, '')).range();
}

/** An IPv6 address in brackets, as in a URL (RFC 3986, section 3.2.2). */
export function authorityOf(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/** Without the port where it is the scheme's own. @param host an address in a URL's form, or a name */
export function originOf(scheme: 'http' | 'https', host: string, port: number): string {
  return new URL(`${scheme}://${host}:${port}`).origin;
}
