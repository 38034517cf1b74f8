import { AttackedServer, type ServerOptions } from './attacked-server.ts';

/** One server at a time; one that crashes is replaced. */
export class AttackedServers {
  readonly #options: ServerOptions;
  #server: AttackedServer | undefined;

  constructor(options: Partial<ServerOptions> = {}) {
    this.#options = { hasHistory: false, isLimited: true, ...options };
  }

  /** @returns `undefined` if the server ended meanwhile */
  async use<T>(work: (server: AttackedServer) => Promise<T>): Promise<T | undefined> {
    this.#server ??= await AttackedServer.open(this.#options);
    const server = this.#server;
    try {
      return await work(server);
    } catch (error) {
      if (await server.isAlive()) throw error;
      await this.close();
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }
}
