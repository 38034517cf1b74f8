import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import forwarded from 'forwarded';
import { addressKey } from '../../limits/address-key.ts';

/**
 * The address of the client that makes a request, as a limiter's key. So many `hops` are our own
 * proxies, counted from this server: each appended the address it was connected to by to
 * `X-Forwarded-For`. Anybody can write what comes before that, so it does not count.
 */
export function clientAddress(request: IncomingMessage, hops: number): string {
  const [peer = '', ...earlier] = forwarded(request).slice(0, hops + 1);
  // Beyond an invalid address nothing can be known: the proxy that passed it on counts.
  const unknown = earlier.findIndex((address) => !isIP(address));
  const known = unknown < 0 ? earlier : earlier.slice(0, unknown);
  return addressKey(known.at(-1) ?? peer);
}
