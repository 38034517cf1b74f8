import { setTimeout as pause } from 'node:timers/promises';
import type { MeasuredServer } from './server.ts';
import { BenchWaiter } from './waiters.ts';

/** Messages at a steady rate, or always so many under way to the waiters. */
export type Load = { readonly messages: number } & (
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
  /** From the write of a message to its arrival at a waiter, over all messages and waiters. */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** The clients' part of one core: near 1 they are the limit, and the figures are theirs. */
  readonly clientCpu: number;
}

const SENDERS = 10;
/** A run in which nothing comes for so long has failed. */
const QUIET_MS = 20_000;

export async function measure(server: MeasuredServer, count: number, load: Load): Promise<Result> {
  const { messages } = load;
  /** By message, in the order sent. */
  const sentAt = new Float64Array(messages);
  /** By waiter, then by message in the order come, which is the same for all waiters. */
  const cameAt = Array.from({ length: count }, () => new Float64Array(messages));
  /** Which message came as the first, the second, … */
  const order: number[] = [];
  let sent = 0;
  let deliveries = 0;

  const onMessages = (index: number) => (waiter: BenchWaiter, from: number) => {
    deliveries += waiter.count - from;
    cameAt[index]?.fill(performance.now(), from, waiter.count);
  };
  const onText = (text: string) => {
    const [, id] = /bench (\d+) /.exec(text) ?? [];
    if (id === undefined) throw new Error(`What came was no message: ${text}`);
    order.push(Number(id));
  };
  const waiters = cameAt.map(
    (_, index) => new BenchWaiter(server.port, onMessages(index), index === 0 ? onText : undefined),
  );
  await Promise.all(waiters.map((waiter) => waiter.ready()));

  const send = () => {
    sentAt[sent] = performance.now();
    waiters[sent % Math.min(SENDERS, count)]?.say(`bench ${sent} ${'x'.repeat(60)}`);
    sent += 1;
  };
  const start = performance.now();
  const due = () => {
    if ('inFlight' in load) return Math.floor(deliveries / count) + load.inFlight;
    return ((performance.now() - start) * load.perSecond) / 1000;
  };

  const before = await server.usage();
  const ownBefore = process.cpuUsage();
  let last = { deliveries: 0, at: start };
  while (deliveries < count * messages) {
    while (sent < Math.min(due(), messages)) send();
    await ('inFlight' in load ? new Promise(setImmediate) : pause(1));
    if (deliveries > last.deliveries) last = { deliveries, at: performance.now() };
    else if (performance.now() - last.at > QUIET_MS) throw new Error('The server went quiet.');
  }
  const seconds = (performance.now() - start) / 1000;
  const own = process.cpuUsage(ownBefore);
  const { cpuSeconds } = await server.usage();
  await Promise.all(waiters.map((waiter) => waiter.leave()));

  const latencies = Float64Array.from(
    cameAt.flatMap((times) => order.map((id, k) => (times[k] ?? 0) - (sentAt[id] ?? 0))),
  ).sort();
  const at = (part: number) => latencies[Math.floor((latencies.length - 1) * part)] ?? 0;
  return {
    load: 'inFlight' in load ? `${load.inFlight} in flight` : `${load.perSecond} a second`,
    waiters: count,
    messages,
    seconds,
    deliveriesPerSecond: deliveries / seconds,
    deliveriesPerCpuSecond: deliveries / (cpuSeconds - before.cpuSeconds),
    latencyMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
    clientCpu: (own.user + own.system) / 1e6 / seconds,
  };
}
