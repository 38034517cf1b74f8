import type { Contender } from './contenders.ts';
import type { Load, Result } from './load.ts';
import { LoadClients, type LoadClientsOptions } from './load-clients.ts';
import { MeasuredServer } from './server.ts';
import { withTimeout } from './with-timeout.ts';

/** The warm-up load before measuring: the server compiles what it does often. */
const WARM_UP: Load = { inFlight: 4, seconds: 1 };
/** The maximum duration of a load, beyond its seconds: then it is aborted. */
const MAX_MS = 60_000;

/** Clients of a server that is warmed up; both are created when needed. */
export class WarmClients {
  readonly #contender: Contender;
  readonly #count: number;
  readonly #options: LoadClientsOptions;
  #server: MeasuredServer | undefined;
  #clients: LoadClients | undefined;

  constructor(contender: Contender, count: number, options: LoadClientsOptions = {}) {
    this.#contender = contender;
    this.#count = count;
    this.#options = options;
  }

  /** A load that is too much leaves the server with a backlog: call `stop` then. */
  async run(load: Load): Promise<Result> {
    this.#clients ??= await this.#connect(Math.min(1, load.seconds));
    return withTimeout(MAX_MS + load.seconds * 1000, this.#clients.run(load));
  }

  /** Stops the server. The next load gets another one. */
  async stop(): Promise<void> {
    const [server, clients] = [this.#server, this.#clients];
    this.#server = undefined;
    this.#clients = undefined;
    await server?.stop();
    await clients?.close();
  }

  async #connect(seconds: number): Promise<LoadClients> {
    const server = await MeasuredServer.start(this.#contender);
    this.#server = server;
    const clients = await withTimeout(
      MAX_MS,
      LoadClients.connect(server, this.#count, this.#options),
    );
    await withTimeout(MAX_MS, clients.run({ ...WARM_UP, seconds }));
    return clients;
  }
}
