import { setTimeout as wait } from 'node:timers/promises';
import { LongestPause } from './longest-pause.ts';

export const ROOM = 'class';
/** Some fifty messages a second of three senders: the machine has other work, too. */
const PAUSE_MS = 40;
/** What is not confirmed by then is sent to another node, as a page does. */
const CONFIRM_MS = 5_000;

/** A client that posts messages in order, each again until it is acknowledged, to whichever node it can. */
export class Sender {
  readonly acknowledged: string[] = [];
  readonly pause = new LongestPause();
  readonly #name: string;
  readonly #ports: () => readonly number[];
  readonly #token: string;
  #running: Promise<void> | undefined;
  #isStopped = true;
  #isEnded = false;
  #turn: number;

  /** @param turn which node comes first */
  constructor(name: string, turn: number, token: string, ports: () => readonly number[]) {
    this.#name = name;
    this.#turn = turn;
    this.#token = token;
    this.#ports = ports;
  }

  start(): void {
    this.#isStopped = false;
    this.pause.begin();
    this.#running = this.#run();
  }

  /** Resolves when everything it has sent is acknowledged. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  /** Gives up what is not acknowledged: the test is over. */
  end(): void {
    this.#isStopped = true;
    this.#isEnded = true;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const count = this.acknowledged.length;
      const body = `${this.#name} ${count}`;
      while (!(await this.#post(body, `${this.#name}-${count}`))) {
        if (this.#isEnded) return;
        await wait(PAUSE_MS);
      }
      this.acknowledged.push(body);
      this.pause.happened();
      await wait(PAUSE_MS);
    }
  }

  /** Each attempt goes to the next node. */
  async #post(message: string, cid: string): Promise<boolean> {
    const ports = this.#ports();
    this.#turn += 1;
    try {
      const response = await fetch(
        `http://127.0.0.1:${ports[this.#turn % ports.length]}/rooms/${ROOM}/messages`,
        {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.#token}` },
          body: JSON.stringify({ message, cid }),
          signal: AbortSignal.timeout(CONFIRM_MS),
        },
      );
      await response.text();
      return response.ok;
    } catch {
      return false;
    }
  }
}

/** The token of a new guest. */
export async function newToken(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/rooms/${ROOM}/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ message: 'hello' }),
  });
  const { guest } = (await response.json()) as { readonly guest: { readonly token: string } };
  return guest.token;
}
