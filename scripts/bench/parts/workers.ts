import { shipped } from '../contenders.ts';
import { LoadClients } from '../load-clients.ts';
import {
  type Bench,
  clientColumns,
  onServer,
  type Part,
  type Row,
  rounded,
  rowsOf,
} from '../part.ts';

const TOKEN = 'the token of the benchmark';

/** On all cores, which the clients share: compare the costs; where cores are few, the rates say little. */
export const workers: Part = {
  name: 'workers',
  title: 'Typhoon with several workers, on all cores',
  async *measure(bench) {
    for (const count of bench.scale.workerCounts) {
      yield* rowsOf(shipped, () => measure(count, bench));
    }
  },
};

async function* measure(count: number, { scale }: Bench): AsyncIterable<Row> {
  const contender = {
    ...shipped,
    isOnAllCores: true,
    args: (folder: string) => [
      ...shipped.args(folder),
      ...['--workers', `${count}`, '--metrics-token', TOKEN],
    ],
  };
  yield* await onServer(contender, scale.seconds * scale.inFlight.length, async (server) => {
    const { port } = server;
    const clients = await LoadClients.connect(server, scale.waiters);
    const rows: Row[] = [];
    for (const inFlight of scale.inFlight) {
      await clients.run({ inFlight, seconds: Math.min(1, scale.seconds) });
      rows.push(await load(clients, port, { inFlight, seconds: scale.seconds }));
    }
    await clients.close();
    return rows.map((row) => ({ workers: count, ...row }));
  });
}

async function load(
  clients: LoadClients,
  port: number,
  load: { readonly inFlight: number; readonly seconds: number },
): Promise<Row> {
  const before = await cpuOf(port);
  const { messages, seconds, deliveriesPerSecond, clientCpu } = await clients.run(load);
  const after = await cpuOf(port);
  const delivering = after.delivering - before.delivering;
  const writing = after.writing - before.writing;
  return {
    'in flight': load.inFlight,
    'messages/s': rounded(messages / seconds),
    'deliveries/s': rounded(deliveriesPerSecond),
    'deliveries/CPU-s of a worker': rounded((deliveriesPerSecond * seconds) / delivering),
    'primary µs/message': writing === 0 ? null : rounded((writing * 1e6) / messages),
    ...clientColumns(clientCpu),
  };
}

/** Seconds that the workers and the primary have used; a single process is both. */
async function cpuOf(port: number): Promise<{ delivering: number; writing: number }> {
  const headers = { Authorization: `Bearer ${TOKEN}` };
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
  const [, all] = /^process_cpu_seconds_total (\S+)$/m.exec(text) ?? [];
  const each = [...text.matchAll(/^typhoon_worker_cpu_seconds_total\{.*\} (\S+)$/gm)];
  if (each.length === 0) return { delivering: Number(all), writing: 0 };
  const delivering = each.reduce((sum, [, seconds]) => sum + Number(seconds), 0);
  return { delivering, writing: Number(all) - delivering };
}
