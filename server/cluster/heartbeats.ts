import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Bus } from '../core/bus.ts';
import type { Checkpoint } from '../core/replication.ts';
import { minorityFault } from './digest-vote.ts';

/** The topic of the bus. */
export const HEARTBEAT = 'heartbeat';
const BEAT_MS = 2_000;
/** Within this time every node that runs is heard of. */
export const LISTEN_MS = 2 * BEAT_MS;
/** A node that was not heard of for this long does not count any more. */
const SILENT_MS = 5 * BEAT_MS;
/** Nodes that are kept: more than a cluster has. */
const MAX_NODES = 64;
/** A node stops after so many heartbeats in a row at which it was in the minority: all have been heard by then. */
const CONFIRMED_BEATS = 3;

const BEAT = z.object({
  /** Of this run of the node. */
  id: z.string().min(1).max(32),
  /** The name of its machine, for the operator. */
  host: z.string().max(255),
  epoch: z.string().max(32),
  place: z.int().nonnegative(),
  checkpoints: z
    .array(z.object({ place: z.int().positive(), digest: z.string().min(1).max(64) }))
    .max(16)
    .readonly(),
  /** The version of Typhoon. */
  version: z.string().max(40),
  /** Equal where the options are that all nodes need alike. */
  config: z.string().max(64),
});

type Beat = Readonly<z.infer<typeof BEAT>>;

/** What a node tells of itself, besides how far it is. */
export type NodeIdentity = Pick<Beat, 'host' | 'epoch' | 'version' | 'config'>;

interface Parts {
  readonly bus: Bus;
  readonly identity: NodeIdentity;
  /** The last place that was applied here. */
  readonly place: () => number;
  readonly checkpoints: () => Promise<readonly Checkpoint[]>;
  /** This node has decided otherwise than the majority: it must not go on. */
  readonly onFault: (fault: string) => void;
  /** Called once for each node whose options differ. */
  readonly onOtherConfig: (host: string) => void;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

interface HeardNode {
  readonly beat: Beat;
  readonly heardMs: number;
}

/** Tells the other nodes how far this one is, and compares what all of them have decided. */
export class Heartbeats {
  readonly #parts: Parts;
  readonly #id = randomBytes(9).toString('base64url');
  readonly #now: () => number;
  readonly #nodes = new Map<string, HeardNode>();
  #timer: NodeJS.Timeout | undefined;
  #isBeating = false;
  #beatsInMinority = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#now = parts.now ?? performance.now.bind(performance);
    parts.bus.hear(HEARTBEAT, (body) => this.#hear(body));
  }

  start(): void {
    this.#timer = setInterval(() => void this.beat(), BEAT_MS).unref();
    void this.beat();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** The versions of the other nodes that are heard. */
  get versions(): readonly string[] {
    return this.#heard().map(({ version }) => version);
  }

  /** The place of the node that is furthest, as far as this one has heard. */
  get highestPlace(): number {
    return this.#heard().reduce((most, { place }) => Math.max(most, place), 0);
  }

  /** Tells the others, and compares. One at a time: the store may take long. */
  async beat(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    try {
      const { bus, identity, place } = this.#parts;
      const checkpoints = await this.#parts.checkpoints();
      bus.tell(HEARTBEAT, {
        id: this.#id,
        ...identity,
        place: place(),
        checkpoints,
      } satisfies Beat);
      this.#compare(checkpoints);
    } catch {
      // The store has ended, or cannot be read just now: it reports that itself.
    } finally {
      this.#isBeating = false;
    }
  }

  #hear(body: unknown): void {
    const { data: beat } = BEAT.safeParse(body);
    const { identity, onOtherConfig } = this.#parts;
    if (!beat || beat.epoch !== identity.epoch) return;
    const isNew = !this.#nodes.has(beat.id);
    if (isNew && this.#heard().length >= MAX_NODES) return;
    this.#nodes.set(beat.id, { beat, heardMs: this.#now() });
    if (isNew && beat.config !== identity.config) onOtherConfig(beat.host);
  }

  /** The nodes that were heard of lately; the others are dropped. */
  #heard(): readonly Beat[] {
    const since = this.#now() - SILENT_MS;
    for (const [id, { heardMs }] of this.#nodes) if (heardMs < since) this.#nodes.delete(id);
    return [...this.#nodes.values()].map(({ beat }) => beat);
  }

  #compare(checkpoints: readonly Checkpoint[]): void {
    const own = { id: this.#id, host: this.#parts.identity.host, checkpoints };
    const fault = minorityFault(own, this.#heard());
    this.#beatsInMinority = fault ? this.#beatsInMinority + 1 : 0;
    if (fault && this.#beatsInMinority >= CONFIRMED_BEATS) this.#parts.onFault(fault);
  }
}
