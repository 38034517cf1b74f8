import type { Server } from 'node:net';
import { Server as TlsServer } from 'node:tls';

/** The event with the sockets that requests come from: under TLS, not those of the plain bytes. */
export function connectionEvent(server: Server): 'connection' | 'secureConnection' {
  return server instanceof TlsServer ? 'secureConnection' : 'connection';
}
