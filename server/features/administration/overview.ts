import { DATABASE } from '../../storage/file-names.ts';
import type { Store } from '../store.ts';
import { MAX_ALL_FILES } from './administration-queries.ts';
import type { ServerStatus } from './server-status.ts';

/** What the page of the overview shows. */
export async function overview(
  status: ServerStatus,
  queries: Pick<Store['queries'], 'uploads' | 'compactBytes'>,
) {
  const [disk, uploads, compacted, cluster, connections] = await Promise.all([
    status.disk(),
    queries.uploads(),
    queries.compactBytes(),
    status.cluster(),
    status.connections(),
  ]);
  const { nodes = [], servers = [] } = cluster ?? {};
  return {
    version: status.version,
    startedAt: new Date(status.startedAt).toISOString(),
    uptime: uptimeOf(Date.now() - status.startedAt),
    connections: [...connections].map(([transport, count]) => [
      transport,
      nodes.length === 0 ? count : sum(nodes.map((node) => node.connections[transport] ?? 0)),
    ]),
    ...{ disk, uploads, maxFiles: MAX_ALL_FILES },
    files: [...(disk?.files ?? [])],
    // Of the database alone.
    compacted: new Map([[DATABASE, compacted]]),
    nodes: nodes.map((node) => ({
      ...node,
      state: node.lack ?? 'ready',
      total: sum(Object.values(node.connections)),
    })),
    servers,
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function uptimeOf(ms: number): Readonly<Record<'days' | 'hours' | 'minutes', number>> {
  const minutes = Math.floor(ms / 60_000);
  return {
    days: Math.floor(minutes / 1_440),
    hours: Math.floor(minutes / 60) % 24,
    minutes: minutes % 60,
  };
}
