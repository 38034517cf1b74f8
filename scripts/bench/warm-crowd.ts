import type { Contender } from './contenders.ts';
import { Crowd, type Gathering } from './crowd.ts';
import type { Load, Result } from './load.ts';
import { MeasuredServer } from './server.ts';
import { within } from './within.ts';

/** The warm-up load before measuring: the server compiles what it does often. */
const WARM_UP: Load = { inFlight: 4, seconds: 1 };
/** The maximum duration of a load, besides its seconds: then it is aborted. */
const MOST_MS = 60_000;

/** A crowd on a server that is warmed up; both are created when needed. */
export class WarmCrowd {
  readonly #contender: Contender;
  readonly #count: number;
  readonly #how: Gathering;
  #server: MeasuredServer | undefined;
  #crowd: Crowd | undefined;

  constructor(contender: Contender, count: number, how: Gathering = {}) {
    this.#contender = contender;
    this.#count = count;
    this.#how = how;
  }

  /** A load that is too much leaves the server with a backlog: call `leave` then. */
  async run(load: Load): Promise<Result> {
    this.#crowd ??= await this.#gather(Math.min(1, load.seconds));
    return within(MOST_MS + load.seconds * 1000, this.#crowd.run(load));
  }

  /** Stops the server. The next load gets another one. */
  async leave(): Promise<void> {
    const [server, crowd] = [this.#server, this.#crowd];
    this.#server = undefined;
    this.#crowd = undefined;
    await server?.stop();
    await crowd?.leave();
  }

  async #gather(seconds: number): Promise<Crowd> {
    const server = await MeasuredServer.start(this.#contender);
    this.#server = server;
    const crowd = await within(MOST_MS, Crowd.gather(server, this.#count, this.#how));
    await within(MOST_MS, crowd.run({ ...WARM_UP, seconds }));
    return crowd;
  }
}
