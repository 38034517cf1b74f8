import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import type { Config } from './config.ts';
import { StartupError } from './core/errors.ts';
import { authorityOf, originOf } from './http/network-addresses.ts';

/**
 * Connections that may wait to be accepted, as far as the system allows (`net.core.somaxconn`).
 * After an outage a whole class reconnects at once: one that finds no place retries after a second.
 */
const BACKLOG = 4_096;

/** Why a server cannot listen, by system error code. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use. Stop the program that uses it, or start with another --port.',
  EACCES: 'permission denied. Start with a --port above 1023.',
  EADDRNOTAVAIL: 'this machine has no such address. Start with another --host.',
  ENOTFOUND: 'there is no such address. Start with another --host.',
};

interface Listening {
  /** The URL to open in a browser on this machine. */
  readonly url: string;
  readonly bound: AddressInfo;
}

/** The URL on this machine of a server that listens at a port. */
export function localUrl(
  { host, tlsCert }: Pick<Config, 'host' | 'tlsCert'>,
  port: number,
): string {
  const name = !host || host === '::' || host === '0.0.0.0' ? 'localhost' : host;
  const scheme = tlsCert === undefined ? 'http' : 'https';
  return originOf(scheme, authorityOf(name), port);
}

/** @throws StartupError where it cannot listen */
export async function listen(server: Server, config: Config): Promise<Listening> {
  const { port, host } = config;
  try {
    await once(server.listen({ port, host, backlog: BACKLOG }), 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const place = host ? `${host}, port ${port}` : `port ${port}`;
    throw new StartupError(`Cannot listen on ${place}: ${REASONS[code] ?? `${code}.`}`);
  }
  const bound = server.address() as AddressInfo;
  return { url: localUrl(config, bound.port), bound };
}
