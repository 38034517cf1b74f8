import { once } from 'node:events';
import type { Server } from 'node:http';
import type { ListenAddress } from '../config.ts';
import { StartupError } from '../core/errors.ts';
import type { Health } from './health.ts';
import type { Metrics } from './metrics.ts';
import { createMetricsServer } from './monitor-requests.ts';

/** Serves metrics at an address of their own. */
export class MetricsEndpoint {
  readonly #address: ListenAddress;
  readonly #server: Server;

  constructor(address: ListenAddress, health: Health, metrics: Pick<Metrics, 'text'>) {
    this.#address = address;
    this.#server = createMetricsServer(health, metrics);
  }

  /** @throws StartupError where it cannot listen there */
  async start(): Promise<void> {
    const { host, port } = this.#address;
    try {
      await once(this.#server.listen({ host, port }), 'listening');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new StartupError(`Cannot serve metrics on ${host}, port ${port}: ${code}.`);
    }
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
