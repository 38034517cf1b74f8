import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Contender, typhoon } from './bench/contenders.ts';
import { pinClients } from './bench/cores.ts';
import { assertFileLimit } from './bench/file-limit.ts';
import { quantiles } from './bench/load.ts';
import { LoadClients } from './bench/load-clients.ts';
import { main } from './bench/main.ts';
import { MeasuredServer } from './bench/server.ts';

/*
 * npm run bench:compare -- PATH: this checkout beside another one, such as a worktree of an earlier
 * commit with its packages installed. Both servers run at once, and each has the load in turn, for a
 * second or two: what else the machine does disturbs both alike. Compare the ratios, not the figures.
 */

const HELP = `npm run bench:compare -- PATH [OPTIONS]
  --waiters NUMBER    clients of each server (1000)
  --in-flight NUMBER  messages in flight (64)
  --rounds NUMBER     of one load for each server (14)
  --seconds NUMBER    of each load (1.5)
  --memory            the logs in memory, not on the disk`;

interface CompareOptions {
  readonly path: string;
  readonly waiters: number;
  readonly inFlight: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly data: (folder: string) => string;
}

/** What a server's rounds measured. */
interface Side {
  readonly name: string;
  readonly clients: LoadClients;
  readonly perCpuSecond: number[];
  readonly p99Ms: number[];
}

const WARM_UP = { inFlight: 64, seconds: 2 };

await main(parseOptions, HELP, compare);

/** @throws Error if the arguments are invalid */
function parseOptions(args: readonly string[]): CompareOptions | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      waiters: { type: 'string', default: '1000' },
      'in-flight': { type: 'string', default: '64' },
      rounds: { type: 'string', default: '14' },
      seconds: { type: 'string', default: '1.5' },
      memory: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const [path] = positionals;
  if (path === undefined) throw new Error(HELP);
  return {
    path: resolve(path),
    waiters: positive(values.waiters),
    inFlight: positive(values['in-flight']),
    rounds: positive(values.rounds),
    seconds: positive(values.seconds),
    data: values.memory ? () => ':memory:' : (folder) => folder,
  };
}

/** @throws Error if it is not a positive number */
function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`${text} is not a positive number.`);
  return number;
}

async function compare(options: CompareOptions): Promise<void> {
  if (!pinClients()) console.error('Servers and clients share the cores.');
  const { path, data, waiters, inFlight, rounds, seconds } = options;
  assertFileLimit(2 * waiters);
  const ours = await openSide('this checkout', typhoon('', data), waiters);
  const theirs = await openSide(path, typhoon('', data, path), waiters);
  for (let round = 0; round < rounds; round += 1) {
    // Neither is always the first.
    for (const side of round % 2 === 0 ? [ours, theirs] : [theirs, ours]) {
      const result = await side.clients.run({ inFlight, seconds });
      side.perCpuSecond.push(result.deliveriesPerCpuSecond);
      side.p99Ms.push(result.latencyMs.p99);
    }
  }
  console.table(
    [ours, theirs].map(({ name, perCpuSecond, p99Ms }) => ({
      server: name,
      'deliveries/CPU-s, median': Math.round(quantiles(perCpuSecond)(0.5)).toLocaleString('en'),
      'p99 ms, median': Number(quantiles(p99Ms)(0.5).toFixed(1)),
    })),
  );
  const ratios = ours.perCpuSecond.map((value, n) => value / (theirs.perCpuSecond[n] ?? value));
  const quartiles = [0.25, 0.5, 0.75].map((part) => quantiles(ratios)(part).toFixed(3));
  console.log(`Deliveries per CPU-second, ratio of each round, quartiles: ${quartiles.join(' ')}`);
}

async function openSide(name: string, contender: Contender, waiters: number): Promise<Side> {
  const server = await MeasuredServer.start(contender);
  const clients = await LoadClients.connect(server, waiters);
  await clients.run(WARM_UP);
  return { name, clients, perCpuSecond: [], p99Ms: [] };
}
