import type { NetworkInterfaceInfo } from 'node:os';

/** An address of a network interface, as `os.networkInterfaces` returns it. */
export function interfaceAddress(address: string, internal = false): NetworkInterfaceInfo {
  const rest = { address, netmask: '', mac: '', internal, cidr: null };
  return address.includes(':')
    ? { ...rest, family: 'IPv6', scopeid: 0 }
    : { ...rest, family: 'IPv4' };
}

/** A machine with these addresses on its networks. */
export function networkOf(...addresses: readonly string[]) {
  return { interfaces: () => ({ wlan0: addresses.map((address) => interfaceAddress(address)) }) };
}
