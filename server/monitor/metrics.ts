import manifest from '../../package.json' with { type: 'json' };
import type { ClusterStatus } from '../cluster/cluster-status.ts';
import type { Counters } from '../core/counters.ts';
import type { DataDir } from '../storage/data-dir.ts';
import { addCluster } from './cluster-metrics.ts';
import { diskUsage } from './disk-usage.ts';
import { type Measurements, QUANTILES } from './measurements.ts';
import { MetricsText } from './metrics-text.ts';

/** What the processes of a server have measured. */
export interface MeasuredServer {
  /** All processes together. */
  readonly all: Measurements;
  /** Those that serve requests, by their ids, where it is not the same that writes the log. */
  readonly workers: ReadonlyMap<string, Measurements>;
}

/** What the metrics are read from when they are asked for. */
export interface MetricsSources {
  readonly measure: () => Promise<MeasuredServer>;
  /** Of the process that writes the log. */
  readonly counters: Counters;
  readonly folder: Pick<DataDir, 'path'>;
  readonly log: { readonly head: number };
  /** Where the server is a node of a cluster. */
  readonly node: { status(): Promise<ClusterStatus> } | undefined;
}

/** What the server does, for Prometheus. */
export class Metrics {
  readonly #sources: MetricsSources;

  constructor(sources: MetricsSources) {
    this.#sources = sources;
  }

  async text(): Promise<string> {
    const text = new MetricsText();
    text.gauges('typhoon_info', 'The version of Typhoon and of Node.', [
      [{ version: manifest.version, node: process.version }, 1],
    ]);
    const { all, workers } = await this.#sources.measure();
    addClients(text, all);
    addWorkers(text, workers);
    this.#addLog(text);
    const cluster = await this.#sources.node?.status();
    if (cluster) addCluster(text, cluster);
    addProcess(text, all);
    await this.#addDisk(text);
    return text.toString();
  }

  #addLog(text: MetricsText): void {
    const { counters, log } = this.#sources;
    text.counter('typhoon_messages_total', 'Messages posted.', counters.messages);
    text.gauge('typhoon_log_head', 'The number of the last event.', log.head);
    text.histogram('typhoon_commit_seconds', 'Time of a commit.', counters.commitSeconds);
    text.histogram('typhoon_commit_events', 'Events in a commit.', counters.batchSizes);
    text.counter('typhoon_failed_commits_total', 'Commits that failed.', counters.failedCommits);
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

function addClients(text: MetricsText, { counts, gauges, errors }: Measurements): void {
  text.gauges(
    'typhoon_waiters',
    'Open streams and long polls.',
    [...gauges.waiters].map(([transport, count]) => [{ transport }, count]),
  );
  text.gauge('typhoon_waiters_catching_up', 'Waiters that are not live.', gauges.behind);
  text.gauge(
    'typhoon_cursor_lag_events',
    'Events that the waiter farthest behind has not been sent.',
    gauges.mostBehind,
  );
  text.gauge('typhoon_rooms_open', 'Rooms in memory.', gauges.openRooms);
  text.counter('typhoon_deliveries_total', 'Messages times waiters.', counts.deliveries);
  text.counter('typhoon_resumes_total', 'Streams and long polls that continued.', counts.resumes);
  text.counter('typhoon_resets_total', 'Clients that had to start again.', counts.resets);
  text.counter('typhoon_not_modified_total', 'Polls without news.', counts.notModified);
  text.counter('typhoon_slow_readers_total', 'Connections found full.', counts.slowReaders);
  text.counter('typhoon_received_bytes_total', 'Bytes read from sockets.', counts.receivedBytes);
  text.counter('typhoon_sent_bytes_total', 'Bytes written to sockets.', counts.sentBytes);
  text.counters(
    'typhoon_errors_total',
    'Refused requests, by code.',
    [...errors].map(([code, count]) => [{ code }, count]),
  );
}

function addWorkers(text: MetricsText, workers: ReadonlyMap<string, Measurements>): void {
  if (workers.size === 0) return;
  const each = (value: (of: Measurements) => number) =>
    [...workers].map(([worker, of]) => [{ worker }, value(of)] as const);
  const waitersOf = ({ gauges }: Measurements) =>
    [...gauges.waiters.values()].reduce((sum, count) => sum + count, 0);
  text.gauges('typhoon_worker_waiters', 'Waiters of each worker.', each(waitersOf));
  text.counters(
    'typhoon_worker_deliveries_total',
    'Messages times waiters, of each worker.',
    each(({ counts }) => counts.deliveries),
  );
  text.counters(
    'typhoon_worker_cpu_seconds_total',
    'CPU time of each worker.',
    each(({ counts }) => counts.cpuSeconds),
  );
}

function addProcess(text: MetricsText, { counts, gauges }: Measurements): void {
  text.counter('process_cpu_seconds_total', 'CPU time.', counts.cpuSeconds);
  text.gauge('process_resident_memory_bytes', 'Memory.', gauges.residentBytes);
  text.gauge(
    'process_start_time_seconds',
    'When the process started.',
    Math.round(Date.now() / 1_000 - process.uptime()),
  );
  text.gauges(
    'typhoon_event_loop_delay_seconds',
    'How late timers were, since the last time this was read.',
    QUANTILES.map((quantile, index) => [{ quantile }, gauges.delays[index] ?? 0]),
  );
}
