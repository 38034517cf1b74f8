import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Nodes } from './bench/cluster/nodes.ts';
import { hasRedis } from './bench/cluster/redis.ts';
import { socketIoWithRedis } from './bench/contenders.ts';
import { pinClients } from './bench/cores.ts';
import type { Load } from './bench/load.ts';
import { main } from './bench/main.ts';
import { type Row, rounded } from './bench/part.ts';
import { readyPeers } from './bench/peers.ts';
import { Run } from './bench/run.ts';
import type { Waiter } from './bench/waiters.ts';

/*
 * npm run bench:cluster: three nodes beside one server, and beside three of Socket.IO with its Redis adapter, on this
 * machine: the nodes share a core, the clients have another, and the NATS servers, or Redis, run on both. Compare the
 * rows with each other.
 */

const HELP = `npm run bench:cluster -- [OPTIONS]
  --waiters NUMBER  clients of each node (300)
  --seconds NUMBER  of each load (5)
  --events NUMBER   that a new node has to catch up with (20000)`;

const NODES = 3;
const GUARANTEES = `
They do not promise the same. Typhoon: what is acknowledged is on two of three NATS servers and on the disk of a node, all see
one order, and a client that was away gets what it missed. Socket.IO with Redis delivers at most once: a message is in memory
only, and a client or a node that is not connected at that moment never gets it.
The time of NATS and of Redis is not in deliveries/CPU-s, which is that of the nodes.`;
const NO_REDIS =
  'Socket.IO with Redis is left out: there is no redis-server. npm run test:tools -- --redis installs it on Debian.';
const RATES = [50, 200, 1_000];
/** How far a load may be behind: longer than an election takes. */
const BEHIND_S = 40;

interface Options {
  readonly waiters: number;
  readonly seconds: number;
  readonly events: number;
}

await main(parseOptions, HELP, bench);

function parseOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      waiters: { type: 'string', default: '300' },
      seconds: { type: 'string', default: '5' },
      events: { type: 'string', default: '20000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const [waiters = 0, seconds = 0, events = 0] = [
    values.waiters,
    values.seconds,
    values.events,
  ].map((text) => Number(text));
  if (!(waiters >= 10 && seconds > 0 && events > 0)) throw new Error(HELP);
  return { waiters, seconds, events };
}

async function bench({ waiters, seconds, events }: Options): Promise<void> {
  pinClients();
  const single = await Nodes.single(waiters);
  const alone = await measure('one server', single, seconds).finally(() => single.stop());
  const cluster = await Nodes.cluster(NODES, waiters);
  try {
    const rows = await measure(`${NODES} nodes`, cluster, seconds);
    console.table([...alone, ...rows]);
    console.table([await killLeader(cluster), await catchUp(cluster, events)]);
  } finally {
    await cluster.stop();
  }
  await besideRedis(waiters, seconds);
}

async function besideRedis(waiters: number, seconds: number): Promise<void> {
  if (!hasRedis()) return console.log(NO_REDIS);
  const [peer] = readyPeers([socketIoWithRedis]);
  if (!peer) return;
  const nodes = await Nodes.socketIo(NODES, waiters);
  const rows = await measure(`${NODES} of ${peer.name}`, nodes, seconds).finally(() =>
    nodes.stop(),
  );
  console.table(rows);
  console.log(GUARANTEES);
}

/** Messages are posted at the first node, and timed at its waiters, then at those of the others. */
async function measure(name: string, nodes: Nodes, seconds: number): Promise<readonly Row[]> {
  const [near = [], ...others] = nodes.waiters;
  const far = others.flat();
  await run(nodes, nodes.waiters.flat(), { inFlight: 4, seconds: 1 });
  const rows: Row[] = [];
  for (const perSecond of RATES) {
    for (const [where, receivers] of [
      ['the same node', near],
      ['the other nodes', far],
    ] as const) {
      if (receivers.length === 0) continue;
      const load = { perSecond, seconds, behindS: BEHIND_S };
      const { latencyMs, isSteady } = await run(nodes, receivers, load);
      rows.push({
        what: name,
        load: `${perSecond} a second`,
        at: where,
        'p50 ms': rounded(latencyMs.p50, 1),
        'p99 ms': rounded(latencyMs.p99, 1),
        note: isSteady ? '' : 'overloaded',
      });
    }
  }
  const all = nodes.waiters.flat();
  const { deliveriesPerCpuSecond, messages } = await run(nodes, all, { inFlight: 64, seconds });
  rows.push({
    what: name,
    load: '64 in flight',
    at: 'all',
    'messages a second': rounded(messages / seconds),
    'deliveries/CPU-s': rounded(deliveriesPerCpuSecond),
  });
  return rows;
}

/** How long a node without a history takes to have it and to serve a page. */
async function catchUp(nodes: Nodes, events: number): Promise<Row> {
  await run(nodes, nodes.waiters.flat(), { inFlight: 64, seconds: 60, maxMessages: events });
  const messages = nodes.waiters[0]?.[0]?.count ?? 0;
  return { what: `a new node, ${messages} messages`, ms: rounded(await nodes.add(0)) };
}

/** The longest wait for a message while the NATS server that leads is killed. */
async function killLeader(nodes: Nodes): Promise<Row> {
  const load = { perSecond: 50, seconds: 30, behindS: BEHIND_S };
  const [{ latencyMs }] = await Promise.all([
    run(nodes, nodes.waiters.flat(), load),
    pause(3_000).then(() => nodes.killLeader()),
  ]);
  return { what: 'the leader is killed, longest wait', ms: rounded(latencyMs.max) };
}

/** A load; the next one begins when all waiters have what was sent, those that were not counted as well. */
async function run(nodes: Nodes, receivers: readonly Waiter[], load: Load) {
  const senders = nodes.waiters[0]?.slice(0, 10) ?? [];
  const result = await new Run(nodes.used, receivers, senders, load).result();
  const end = performance.now() + BEHIND_S * 1_000;
  while (haveLess(nodes.waiters.flat()) && performance.now() < end) await pause(10);
  return result;
}

/** Whether some waiters have fewer messages than others. */
function haveLess(waiters: readonly Waiter[]): boolean {
  return new Set(waiters.map(({ count }) => count)).size > 1;
}
