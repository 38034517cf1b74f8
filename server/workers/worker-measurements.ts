import { combined, type Measurements } from '../monitor/measurements.ts';
import type { Meter } from '../monitor/meter.ts';
import type { MeasuredServer } from '../monitor/metrics.ts';
import type { ChannelToWorker } from './methods.ts';
import { within } from './within.ts';

/**
 * The measurements of all workers and the primary: of a worker that does not answer, as they were before. What a worker had counted stays in the sums when it
 * has ended: they only grow.
 */
export class WorkerMeasurements {
  readonly #own: Meter;
  readonly #channels = new Map<string, ChannelToWorker>();
  /** As they were measured last. */
  readonly #last = new Map<string, Measurements>();
  #ended: Measurements | undefined;

  constructor(own: Meter) {
    this.#own = own;
  }

  add(id: string, channel: ChannelToWorker): void {
    this.#channels.set(id, channel);
  }

  delete(id: string): void {
    this.#channels.delete(id);
    const last = this.#last.get(id);
    this.#last.delete(id);
    if (!last) return;
    const counted = { ...last, gauges: NOTHING_NOW };
    this.#ended = this.#ended ? combined([this.#ended, counted]) : counted;
  }

  async measure(): Promise<MeasuredServer> {
    await Promise.all([...this.#channels].map(([id, channel]) => this.#measure(id, channel)));
    const ended = this.#ended ? [this.#ended] : [];
    const all = combined([this.#own.measure(), ...ended, ...this.#last.values()]);
    return { all, workers: new Map(this.#last) };
  }

  async #measure(id: string, channel: ChannelToWorker): Promise<void> {
    const measurements = await within(channel.call('measure'));
    if (measurements && this.#channels.has(id)) this.#last.set(id, measurements);
  }
}

const NOTHING_NOW = {
  waiters: new Map(),
  behind: 0,
  mostBehind: 0,
  openRooms: 0,
  residentBytes: 0,
  delays: [],
} as const;
