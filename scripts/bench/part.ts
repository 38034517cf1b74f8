import type { Contender } from './contenders.ts';
import type { Result } from './load.ts';
import type { Scale } from './scale.ts';
import { MeasuredServer, type Seed } from './server.ts';
import { withTimeout } from './with-timeout.ts';

/** Measurements by column; `null` if there is nothing to show. */
export type Row = Readonly<Record<string, string | number | null>>;

export interface Bench {
  readonly contenders: readonly Contender[];
  readonly scale: Scale;
}

/** A part of the benchmark. */
export interface Part {
  readonly name: string;
  readonly title: string;
  /** Yields each row as soon as it is measured. */
  measure(bench: Bench): AsyncIterable<Row>;
}

/** Clients that use more of their core than this may have been the limit. */
const BUSY = 0.95;

/** The rows of one contender: a failure yields a row that says so. */
export async function* rowsOf(
  { name }: Pick<Contender, 'name'>,
  rows: () => AsyncIterable<Row>,
): AsyncIterable<Row> {
  try {
    for await (const row of rows()) yield { contender: name, ...row };
  } catch (error) {
    yield { contender: name, failed: error instanceof Error ? error.message : String(error) };
  }
}

/** How a part measures each contender. */
export function ofEach(
  rows: (contender: Contender, bench: Bench) => AsyncIterable<Row>,
): Part['measure'] {
  return async function* (bench) {
    for (const contender of bench.contenders) {
      yield* rowsOf(contender, () => rows(contender, bench));
    }
  };
}

/** Runs work on its own server, for at most two minutes plus its seconds; then stops the server. */
export async function onServer<T>(
  contender: Contender,
  seconds: number,
  work: (server: MeasuredServer) => Promise<T>,
  fill?: Seed,
): Promise<T> {
  const server = await MeasuredServer.start(contender, fill);
  try {
    return await withTimeout((120 + seconds) * 1000, work(server));
  } finally {
    await server.stop();
  }
}

/** A load as a row. Latencies are meaningless if it was aborted. */
export function loadRow({ latencyMs, clientCpu, isSteady }: Result): Row {
  const { p50, p99, max } = latencyMs;
  const ms = (value: number) => (isSteady ? rounded(value, 1) : null);
  return {
    'p50 ms': ms(p50),
    'p99 ms': ms(p99),
    'max ms': ms(max),
    ...clientColumns(clientCpu),
    ...(!isSteady && { note: OVERLOADED }),
  };
}

export const OVERLOADED = 'overloaded';

/** Whether the clients kept up. */
export function clientColumns(clientCpu: number): Row {
  return {
    'client CPU': rounded(clientCpu, 2),
    note: clientCpu > BUSY ? 'the clients were the limit' : '',
  };
}

export function rounded(value: number, digits = 0): number {
  return Number(value.toFixed(digits));
}

/** The CPU usage of this process, in cores. */
export class OwnCpu {
  readonly #start = performance.now();
  readonly #before = process.cpuUsage();

  get part(): number {
    const { user, system } = process.cpuUsage(this.#before);
    return (user + system) / 1000 / (performance.now() - this.#start);
  }
}
