import { comparisonRoom } from '../../../server/shared/comparison-room.ts';
import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { GuestIdentity } from '../connection/guest-identity.ts';
import { post } from '../connection/post.ts';
import { TRANSPORTS, type TransportName } from '../connection/transports.ts';
import { TransportLane } from './transport-lane.ts';

/** A run ends by itself. The last message has the time to arrive over the slowest transport. */
const RUN_MS = 60_000;
const LAST_SEND_MS = 57_000;
const INTERVAL_MS = 1_000;

/** The cost of a transport, as the server counts it. */
interface Cost {
  readonly requests: number;
  readonly received: number;
  readonly sent: number;
}

type Costs = Readonly<Partial<Record<TransportName, Cost>>>;

interface RunOptions {
  /** Every second, and at the end. */
  readonly onStep: (run: ComparisonRun) => void;
  readonly onEnd: (run: ComparisonRun) => void;
  readonly onFail: () => void;
}

/** Compares the transports: the same messages over all of them, side by side, for a minute. */
export class ComparisonRun {
  readonly lanes: readonly TransportLane[];
  /** What the server has counted, second by second. */
  readonly costs: Costs[] = [];
  readonly #options: RunOptions;
  readonly #id: string;
  readonly #sentAt: number[] = [];
  readonly #startedAt = performance.now();
  readonly #guest = new GuestIdentity(() => {});
  readonly #observer = new PerformanceObserver((entries) =>
    this.#countRequests(entries.getEntries()),
  );
  readonly #timer: ReturnType<typeof setInterval>;

  private constructor(id: string, options: RunOptions) {
    this.#id = id;
    this.#options = options;
    this.#observer.observe({ type: 'resource' });
    const lane = { room: this.#room, run: id, sentAt: this.#sentAt };
    this.lanes = TRANSPORTS.map((entry) => new TransportLane(entry, lane));
    this.#timer = setInterval(() => this.#step(), INTERVAL_MS);
  }

  /** @throws if the server is not reached */
  static async start(options: RunOptions): Promise<ComparisonRun> {
    const response = await fetchWithTimeout('/transports/runs', { method: 'POST' });
    if (!response.ok) throw new Error(response.statusText);
    const { run } = await response.json();
    return new ComparisonRun(run, options);
  }

  get secondsLeft(): number {
    return Math.max(0, Math.round((RUN_MS - this.#ageMs) / 1_000));
  }

  /** Ends it now. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    for (const lane of this.lanes) lane.close();
    await this.#count();
    this.#observer.disconnect();
    this.#options.onEnd(this);
  }

  get #ageMs(): number {
    return performance.now() - this.#startedAt;
  }

  get #room(): string {
    return comparisonRoom(this.#id);
  }

  #step(): void {
    if (this.#ageMs >= RUN_MS) {
      void this.end();
      return;
    }
    if (this.#ageMs < LAST_SEND_MS) void this.#send();
    void this.#count();
  }

  async #send(): Promise<void> {
    const number = this.#sentAt.push(performance.now()) - 1;
    const command = { cid: `${this.#id}-${number}`, message: `${number}` };
    await post(this.#room, 'messages', this.#guest, command).catch(this.#options.onFail);
  }

  async #count(): Promise<void> {
    try {
      const response = await fetchWithTimeout(`/transports/runs/${this.#id}`);
      if (response.ok) this.costs.push(await response.json());
    } catch {
      this.#options.onFail();
    }
    this.#options.onStep(this);
  }

  /** What the browser reports of completed requests (W3C, Resource Timing). */
  #countRequests(entries: PerformanceEntryList): void {
    for (const { name, transferSize } of entries as PerformanceResourceTiming[]) {
      const url = new URL(name);
      const [run, transport] = url.searchParams.get('meter')?.split('.') ?? [];
      const lane = run === this.#id && this.lanes.find(({ name }) => name === transport);
      if (lane && lane.name !== 'sse') lane.countRequest(url.pathname + url.search, transferSize);
    }
  }
}
