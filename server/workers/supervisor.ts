import cluster, { type Worker } from 'node:cluster';
import { StartupError } from '../core/errors.ts';
import type { OperatorLog } from '../operator-log.ts';
import { Channel } from './channel.ts';
import type { ChannelToWorker, ReachedAt } from './methods.ts';
import { portOf } from './process-port.ts';

/** A worker that ended is replaced after this time, twice as long each time up to the most. */
const REPLACE_MS = { least: 250, most: 30_000 } as const;
/** A worker that lived for so long did not end because it was started. */
const STABLE_MS = 60_000;

interface Parts {
  readonly count: number;
  readonly operatorLog: OperatorLog;
  /** How long the workers may take to stop; then they are killed. */
  readonly stopTimeoutMs: number;
  /** A worker was started: serves what it asks. */
  readonly onStart: (id: string, channel: ChannelToWorker) => void;
  readonly onEnd: (id: string) => void;
}

interface RunningWorker {
  readonly channel: ChannelToWorker;
  readonly ended: Promise<void>;
  kill(): void;
}

/** Starts the workers, and replaces those that end by themselves. */
export class Supervisor {
  readonly #parts: Parts;
  readonly #running = new Map<string, RunningWorker>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #started = Promise.withResolvers<ReachedAt>();
  readonly #allReady = Promise.withResolvers<void>();
  #ready = 0;
  #listening = 0;
  #pauseMs: number = REPLACE_MS.least;
  #isClosing = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Resolves when all workers accept connections. @throws StartupError where one cannot */
  start(): Promise<ReachedAt> {
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.setupPrimary({ args: process.argv.slice(2), serialization: 'advanced' });
    for (let n = 0; n < this.#parts.count; n += 1) this.#fork();
    return this.#started.promise;
  }

  /** Resolves when all workers have stopped. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const timer of this.#timers) clearTimeout(timer);
    const running = [...this.#running.values()];
    for (const { channel } of running) channel.post('stop');
    const timer = setTimeout(() => {
      for (const { kill } of running) kill();
    }, this.#parts.stopTimeoutMs);
    await Promise.all(running.map(({ ended }) => ended));
    clearTimeout(timer);
  }

  #fork(): void {
    const { onStart, count } = this.#parts;
    const worker = cluster.fork();
    const kill = () => void worker.process.kill('SIGKILL');
    const channel: ChannelToWorker = new Channel(portOf(worker.process), kill);
    const ended = Promise.withResolvers<void>();
    const id = `${worker.id}`;
    this.#running.set(id, { channel, kill, ended: ended.promise });
    const startedMs = performance.now();
    let reason: string | undefined;
    channel.serve({
      mayListen: () => {
        this.#ready += 1;
        if (this.#ready === count) this.#allReady.resolve();
        return this.#allReady.promise;
      },
      listening: (at) => {
        this.#listening += 1;
        if (this.#listening === count) this.#started.resolve(at);
      },
      failed: (why) => {
        reason = why;
      },
    });
    onStart(id, channel);
    onExit(worker, (how) => {
      this.#running.delete(id);
      ended.resolve();
      this.#parts.onEnd(id);
      this.#ended(id, reason ?? how, performance.now() - startedMs);
    });
  }

  #ended(worker: string, reason: string, livedMs: number): void {
    if (this.#isClosing) return;
    if (this.#listening < this.#parts.count) {
      this.#started.reject(new StartupError(reason));
      return;
    }
    this.#parts.operatorLog.report('worker-ended', { worker, reason });
    if (livedMs >= STABLE_MS) this.#pauseMs = REPLACE_MS.least;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#fork();
    }, this.#pauseMs);
    this.#timers.add(timer);
    this.#pauseMs = Math.min(this.#pauseMs * 2, REPLACE_MS.most);
  }
}

/** Calls a listener once, with how the worker ended, or why it could not be started. */
function onExit(worker: Worker, onEnd: (how: string) => void): void {
  const end = Promise.withResolvers<string>();
  worker.once('exit', (code, signal) => end.resolve(signal ?? `exit code ${code}`));
  worker.on('error', (error) => {
    if (worker.process.pid === undefined) end.resolve(`${error}`);
  });
  void end.promise.then(onEnd);
}
