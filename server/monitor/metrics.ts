import { monitorEventLoopDelay } from 'node:perf_hooks';
import manifest from '../../package.json' with { type: 'json' };
import type { ClusterStatus } from '../cluster/cluster-status.ts';
import type { Counters } from '../core/counters.ts';
import type { DataDir } from '../storage/data-dir.ts';
import { addCluster } from './cluster-metrics.ts';
import { diskUsage } from './disk-usage.ts';
import { MetricsText } from './metrics-text.ts';
import type { SocketTraffic } from './socket-traffic.ts';

/** What the metrics are read from when they are asked for. */
export interface MetricsSources {
  readonly counters: Counters;
  readonly traffic: SocketTraffic;
  readonly folder: Pick<DataDir, 'path'>;
  readonly connections: { countByTransport(): ReadonlyMap<string, number> };
  readonly rooms: {
    readonly all: readonly { readonly waiterLags: readonly number[]; readonly count: number }[];
  };
  readonly log: { readonly head: number };
  /** Where the server is a node of a cluster. */
  readonly node: { status(): Promise<ClusterStatus> } | undefined;
}

const RESOLUTION_MS = 10;
const NANOSECONDS = 1e9;
const QUANTILES = [0.5, 0.99, 1] as const;

/** What the server does, for Prometheus. */
export class Metrics {
  readonly #sources: MetricsSources;
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor(sources: MetricsSources) {
    this.#sources = sources;
    this.#delay.enable();
  }

  async text(): Promise<string> {
    const text = new MetricsText();
    text.gauges('typhoon_info', 'The version of Typhoon and of Node.', [
      [{ version: manifest.version, node: process.version }, 1],
    ]);
    this.#addClients(text);
    this.#addLog(text);
    const cluster = await this.#sources.node?.status();
    if (cluster) addCluster(text, cluster);
    this.#addErrors(text);
    this.#addProcess(text);
    await this.#addDisk(text);
    return text.toString();
  }

  close(): void {
    this.#delay.disable();
  }

  #addClients(text: MetricsText): void {
    const { connections, rooms, counters, traffic } = this.#sources;
    const byTransport = [...connections.countByTransport()];
    text.gauges(
      'typhoon_waiters',
      'Open streams and long polls.',
      byTransport.map(([transport, count]) => [{ transport }, count]),
    );
    const behind = rooms.all.flatMap(({ waiterLags }) => waiterLags);
    text.gauge('typhoon_waiters_catching_up', 'Waiters that are not live.', behind.length);
    text.gauge(
      'typhoon_cursor_lag_events',
      'Events that the waiter farthest behind has not been sent.',
      behind.reduce((most, lag) => Math.max(most, lag), 0),
    );
    text.gauge('typhoon_rooms_open', 'Rooms in memory.', rooms.all.length);
    text.counter('typhoon_deliveries_total', 'Messages times waiters.', counters.deliveries);
    text.counter(
      'typhoon_resumes_total',
      'Streams and long polls that continued.',
      counters.resumes,
    );
    text.counter('typhoon_resets_total', 'Clients that had to start again.', counters.resets);
    text.counter('typhoon_not_modified_total', 'Polls without news.', counters.notModified);
    text.counter('typhoon_slow_readers_total', 'Connections found full.', counters.slowReaders);
    const { received, sent } = traffic.total();
    text.counter('typhoon_received_bytes_total', 'Bytes read from sockets.', received);
    text.counter('typhoon_sent_bytes_total', 'Bytes written to sockets.', sent);
  }

  #addLog(text: MetricsText): void {
    const { counters, log } = this.#sources;
    text.counter('typhoon_messages_total', 'Messages posted.', counters.messages);
    text.gauge('typhoon_log_head', 'The number of the last event.', log.head);
    text.histogram('typhoon_commit_seconds', 'Time of a commit.', counters.commitSeconds);
    text.histogram('typhoon_commit_events', 'Events in a commit.', counters.batchSizes);
    text.counter('typhoon_failed_commits_total', 'Commits that failed.', counters.failedCommits);
  }

  #addErrors(text: MetricsText): void {
    text.counters(
      'typhoon_errors_total',
      'Refused requests, by code.',
      [...this.#sources.counters.errors].map(([code, count]) => [{ code }, count]),
    );
  }

  #addProcess(text: MetricsText): void {
    const { user, system } = process.cpuUsage();
    text.counter('process_cpu_seconds_total', 'CPU time.', (user + system) / 1e6);
    text.gauge('process_resident_memory_bytes', 'Memory.', process.memoryUsage.rss());
    text.gauge(
      'process_start_time_seconds',
      'When the process started.',
      Math.round(Date.now() / 1_000 - process.uptime()),
    );
    text.gauges(
      'typhoon_event_loop_delay_seconds',
      'How late timers were, since the last time this was read.',
      QUANTILES.map((quantile) => [{ quantile }, this.#delayAt(quantile)]),
    );
    this.#delay.reset();
  }

  /** Besides the time between two samples. */
  #delayAt(quantile: number): number {
    const nanoseconds = this.#delay.count === 0 ? 0 : this.#delay.percentile(quantile * 100);
    return Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1_000);
  }

  async #addDisk(text: MetricsText): Promise<void> {
    const usage = await diskUsage(this.#sources.folder);
    if (!usage) return;
    const { files, free, total } = usage;
    const sizes = [...files].map(([file, bytes]) => [{ file }, bytes] as const);
    text.gauges('typhoon_file_bytes', 'Sizes of the databases.', sizes);
    if (total === 0) return;
    text.gauge('typhoon_disk_free_bytes', 'Free space.', free);
    text.gauge('typhoon_disk_bytes', 'Size of the disk.', total);
  }
}
