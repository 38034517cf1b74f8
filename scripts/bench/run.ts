import { setTimeout as pause } from 'node:timers/promises';
import type { Receiver, Sender } from './listener.ts';
import { type Load, percentiles, type Result } from './load.ts';
import type { MeasuredServer } from './server.ts';

/** Receivers whose messages are timed, spread evenly; messages of the others are counted. */
const TIMED = { atRate: 100, inFlight: 10 } as const;
/** With constant messages in flight, this far behind is not waited for. */
const BEHIND_S = 10;
const LETTERS = 60;

/** What a load uses: a server, or several together. */
export type Used = Pick<MeasuredServer, 'usage'>;

/** A load, from its first message to the arrival of the last at all receivers. */
export class Run {
  readonly #server: Used;
  readonly #receivers: readonly Receiver[];
  readonly #senders: readonly Sender[];
  readonly #load: Load;
  readonly #kind: keyof typeof TIMED;
  readonly #sentAt: number[] = [];
  /** Which message arrived first, second, …: the same for all. */
  readonly #order: number[] = [];
  /** When they arrived, for each receiver that is timed. */
  readonly #timed: number[][] = [];
  #deliveries = 0;
  #start = 0;
  #isSoon = false;
  #failure: string | undefined;

  constructor(
    server: Used,
    receivers: readonly Receiver[],
    senders: readonly Sender[],
    load: Load,
  ) {
    this.#server = server;
    this.#receivers = receivers;
    this.#senders = senders;
    this.#load = load;
    this.#kind = 'inFlight' in load ? 'inFlight' : 'atRate';
  }

  /** @throws Error if messages are missing or arrived twice */
  async result(): Promise<Result> {
    const before = this.#receivers.map(({ count }) => count);
    this.#startCounting();
    const used = await this.#server.usage();
    const own = process.cpuUsage();
    this.#start = performance.now();
    const isSteady = await this.#drive();
    const seconds = (performance.now() - this.#start) / 1000;
    const { user, system } = process.cpuUsage(own);
    const { cpuSeconds } = await this.#server.usage();
    this.#stopCounting();
    if (isSteady) this.#check(before);
    return {
      waiters: this.#receivers.length,
      messages: this.#sentAt.length,
      seconds,
      deliveriesPerSecond: this.#deliveries / seconds,
      deliveriesPerCpuSecond: this.#deliveries / (cpuSeconds - used.cpuSeconds),
      latencyMs: this.#latency(),
      clientCpu: (user + system) / 1e6 / seconds,
      isSteady,
    };
  }

  #startCounting(): void {
    const step = Math.max(1, Math.floor(this.#receivers.length / TIMED[this.#kind]));
    for (const [index, receiver] of this.#receivers.entries()) {
      const at: number[] = [];
      const isTimed = index % step === 0;
      if (isTimed) this.#timed.push(at);
      receiver.onMessages = (count, from) => {
        this.#deliveries += count - from;
        if (isTimed) {
          const time = performance.now();
          for (let n = from; n < count; n += 1) at.push(time);
        }
        if ('inFlight' in this.#load) this.#sendSoon();
      };
    }
    const [first] = this.#senders;
    if (!first) return;
    first.onMessage = (text) => {
      const [, id] = /bench (\d+) /.exec(text) ?? [];
      if (id === undefined) this.#failure ??= `This is no message: ${text}`;
      this.#order.push(Number(id));
    };
  }

  #stopCounting(): void {
    for (const receiver of [...this.#receivers, ...this.#senders]) receiver.onMessages = () => {};
    for (const sender of this.#senders) sender.onMessage = undefined;
  }

  /** Sends until the time is over, and waits for what is in flight. False: it is too far behind. */
  async #drive(): Promise<boolean> {
    const behindS = 'behindS' in this.#load ? this.#load.behindS : BEHIND_S;
    while (!this.#isOver || this.#arrived < this.#sentAt.length) {
      this.#sendDue();
      await pause(1);
      const oldest = this.#sentAt[this.#arrived] ?? performance.now();
      if (performance.now() - oldest > behindS * 1000) return false;
    }
    return true;
  }

  get #isOver(): boolean {
    const { seconds, maxMessages = Number.POSITIVE_INFINITY } = this.#load;
    return this.#sentAt.length >= maxMessages || performance.now() - this.#start > seconds * 1000;
  }

  /** Messages that all receivers have, as estimated from the total. */
  get #arrived(): number {
    return Math.min(Math.floor(this.#deliveries / this.#receivers.length), this.#order.length);
  }

  /** Sends once everything that arrived in this turn is counted. */
  #sendSoon(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    setImmediate(() => {
      this.#isSoon = false;
      this.#sendDue();
    });
  }

  #sendDue(): void {
    if (this.#isOver) return;
    const due =
      'inFlight' in this.#load
        ? this.#arrived + this.#load.inFlight
        : ((performance.now() - this.#start) * this.#load.perSecond) / 1000;
    const padding = 'x'.repeat(this.#load.letters ?? LETTERS);
    while (this.#sentAt.length < due) {
      const id = this.#sentAt.length;
      this.#sentAt.push(performance.now());
      this.#senders[id % this.#senders.length]?.post(`bench ${id} ${padding}`);
    }
  }

  #check(before: readonly number[]): void {
    const sent = this.#sentAt.length;
    for (const [index, { count }] of this.#receivers.entries()) {
      const received = count - (before[index] ?? 0);
      if (received !== sent) this.#failure ??= `${received} of ${sent} messages arrived.`;
    }
    if (this.#failure !== undefined) throw new Error(this.#failure);
  }

  #latency(): Result['latencyMs'] {
    const sent = this.#order.map((id) => this.#sentAt[id] ?? 0);
    return percentiles(this.#timed.flatMap((at) => at.map((time, k) => time - (sent[k] ?? time))));
  }
}
