import type { ConnectionOptions } from '@nats-io/transport-node';

/**
 * What the client library takes for URLs such as `tls://USER:PASSWORD@HOST:PORT`, of which it reads host and port
 * alone. There is one user for all servers, and TLS with all of them where one URL asks for it.
 */
export function serverAddresses(
  urls: readonly string[],
): Pick<ConnectionOptions, 'user' | 'pass' | 'tls'> & { readonly servers: string[] } {
  const all = urls.map((url) => new URL(url));
  const { username, password } = all.find((url) => url.username !== '') ?? {};
  return {
    servers: all.map(({ host }) => host),
    ...(username && {
      user: decodeURIComponent(username),
      pass: decodeURIComponent(password ?? ''),
    }),
    ...(all.some(({ protocol }) => protocol === 'tls:') && { tls: {} }),
  };
}
