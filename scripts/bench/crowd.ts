import { setTimeout as pause } from 'node:timers/promises';
import type { MeasuredServer } from './server.ts';
import { Waiter } from './waiters.ts';

/** Messages at a steady rate, or always so many under way to the waiters, for a time. */
export type Load = { readonly seconds: number } & (
  | { readonly perSecond: number }
  | { readonly inFlight: number }
);

export interface Result {
  readonly load: string;
  readonly waiters: number;
  readonly messages: number;
  readonly seconds: number;
  readonly deliveriesPerSecond: number;
  readonly deliveriesPerCpuSecond: number;
  /** From the write of a message to its arrival, over all messages and some of the waiters. */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** The clients' part of their core: near 1 they are the limit, and the figures are theirs. */
  readonly clientCpu: number;
  /** False: it fell so far behind that it was given up. */
  readonly isSteady: boolean;
}

const SENDERS = 10;
/** Waiters whose messages are timed, evenly among all; those of the others are counted. */
const TIMED = 100;
/** One that is so far behind is not waited for. */
const BEHIND_MS = 3_000;
/** Connections that are being opened at once. */
const AT_ONCE = 200;

/** People in one room, waiting for what is said. */
export class Crowd {
  readonly #server: MeasuredServer;
  readonly #waiters: readonly Waiter[];

  private constructor(server: MeasuredServer, waiters: readonly Waiter[]) {
    this.#server = server;
    this.#waiters = waiters;
  }

  static async gather(server: MeasuredServer, count: number): Promise<Crowd> {
    const waiters: Waiter[] = [];
    while (waiters.length < count) {
      const size = Math.min(AT_ONCE, count - waiters.length);
      const more = Array.from({ length: size }, () => new Waiter(server, { onMessages() {} }));
      await Promise.all(more.map(({ ready }) => ready));
      waiters.push(...more);
    }
    return new Crowd(server, waiters);
  }

  async leave(): Promise<void> {
    await Promise.all(this.#waiters.map((waiter) => waiter.leave()));
  }

  async run(load: Load): Promise<Result> {
    const waiters = this.#waiters;
    const count = waiters.length;
    const step = Math.max(1, Math.floor(count / TIMED));
    const before = waiters.map((waiter) => waiter.count);
    const sentAt: number[] = [];
    /** Which message came as the first, the second, …: the same for all waiters. */
    const order: number[] = [];
    const timed: { readonly index: number; readonly at: number[] }[] = [];
    let deliveries = 0;
    const onText = (text: string) => {
      const [, id] = /bench (\d+) /.exec(text) ?? [];
      if (id === undefined) throw new Error(`What came was no message: ${text}`);
      order.push(Number(id));
    };
    for (const [index, waiter] of waiters.entries()) {
      const at: number[] = [];
      const isTimed = index % step === 0;
      if (isTimed) timed.push({ index, at });
      waiter.hears = {
        onMessages: ({ count: now }, from) => {
          deliveries += now - from;
          if (!isTimed) return;
          const time = performance.now();
          for (let n = from; n < now; n += 1) at.push(time);
        },
        onText: index === 0 ? onText : undefined,
      };
    }

    const start = performance.now();
    const send = () => {
      const id = sentAt.length;
      sentAt.push(performance.now());
      waiters[id % Math.min(SENDERS, count)]?.say(`bench ${id} ${'x'.repeat(60)}`);
    };
    const due = () =>
      'inFlight' in load
        ? Math.floor(deliveries / count) + load.inFlight
        : ((performance.now() - start) * load.perSecond) / 1000;

    const used = await this.#server.usage();
    const own = process.cpuUsage();
    let isSteady = true;
    for (;;) {
      const isOver = performance.now() - start > load.seconds * 1000;
      while (!isOver && sentAt.length < due()) send();
      await ('inFlight' in load ? new Promise(setImmediate) : pause(1));
      if (isOver && deliveries >= count * sentAt.length) break;
      const oldest = sentAt[Math.floor(deliveries / count)] ?? performance.now();
      isSteady = performance.now() - oldest < BEHIND_MS;
      if (!isSteady) break;
    }
    const seconds = (performance.now() - start) / 1000;
    const ownUsed = process.cpuUsage(own);
    const { cpuSeconds } = await this.#server.usage();
    for (const waiter of waiters) waiter.hears = { onMessages() {} };
    if (isSteady)
      waiters.forEach((waiter, index) => {
        const came = waiter.count - (before[index] ?? 0);
        if (came !== sentAt.length) throw new Error(`${came} of ${sentAt.length} messages came.`);
      });

    const latencies = Float64Array.from(
      timed.flatMap(({ at }) => at.map((time, k) => time - (sentAt[order[k] ?? 0] ?? 0))),
    ).sort();
    const at = (part: number) => latencies[Math.floor((latencies.length - 1) * part)] ?? 0;
    return {
      load: 'inFlight' in load ? `${load.inFlight} in flight` : `${load.perSecond} a second`,
      waiters: count,
      messages: sentAt.length,
      seconds,
      deliveriesPerSecond: deliveries / seconds,
      deliveriesPerCpuSecond: deliveries / (cpuSeconds - used.cpuSeconds),
      latencyMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
      clientCpu: (ownUsed.user + ownUsed.system) / 1e6 / seconds,
      isSteady,
    };
  }
}
