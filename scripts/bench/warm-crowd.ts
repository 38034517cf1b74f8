import type { Contender } from './contenders.ts';
import { Crowd, type Gathering } from './crowd.ts';
import type { Load, Result } from './load.ts';
import { MeasuredServer } from './server.ts';
import { within } from './within.ts';

/** What a server is given to do before it is measured: it compiles what it does often. */
const WARM_UP: Load = { inFlight: 4, seconds: 1 };
/** A load takes no longer than this and its seconds: it is given up before. */
const MOST_MS = 60_000;

/** A crowd on a server that has run for a moment; both are made when they are needed. */
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

  /** What is too much for the server leaves it laden: leave it then. */
  async run(load: Load): Promise<Result> {
    this.#crowd ??= await this.#gather(Math.min(1, load.seconds));
    return within(MOST_MS + load.seconds * 1000, this.#crowd.run(load));
  }

  /** Ends the server. The next load gets another one. */
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
