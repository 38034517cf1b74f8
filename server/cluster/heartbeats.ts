import { z } from 'zod';
import type { Bus } from '../core/bus.ts';
import type { Checkpoint } from '../core/replication.ts';
import type { NodeStatus } from './cluster-status.ts';
import { agrees, compareDigests, faultOf } from './digest-vote.ts';
import { FormatVote } from './format-vote.ts';

/** The topic of the bus. */
export const HEARTBEAT = 'heartbeat';
const BEAT_MS = 2_000;
/** Within this time every node that runs is heard of. */
export const LISTEN_MS = 2 * BEAT_MS;
/** A node that was not heard of for this long does not count any more. */
const SILENT_MS = 5 * BEAT_MS;
/** A node that has said within this time that it may lack something does: two heartbeats, and some time. */
const CURRENT_MS = 2.5 * BEAT_MS;
/** A node that was not heard of for this long is taken to be stopped; until then it may run where this one is not heard. */
const STOPPED_MS = 60_000;
/** Nodes that are kept: more than a cluster has. */
export const MAX_NODES = 64;
/** A node stops after so many heartbeats in a row at which it was in the minority: all have been heard by then. */
const CONFIRMED_BEATS = 3;

const BEAT = z.object({
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
  /** The newest format that it knows. */
  newestFormat: z.int().positive(),
  /** Equal where the options are that all nodes need alike. */
  config: z.string().max(64),
  /** How many places another node is ahead of it. */
  lag: z.int().nonnegative(),
  lack: z.enum(['behind', 'cut-off']).nullable(),
  /** Whether it is certain that it has all of the log. */
  isLevel: z.boolean().default(true),
  /** Open connections, by transport. */
  connections: z
    .record(z.string().max(20), z.int().nonnegative())
    .refine((counts) => Object.keys(counts).length <= 16),
});

type Beat = Readonly<z.infer<typeof BEAT>>;

/** A heartbeat; `undefined` for what is none. */
export function readBeat(body: unknown): Beat | undefined {
  return BEAT.safeParse(body).data;
}

/** What a node tells of itself that stays. */
export type NodeIdentity = Pick<Beat, 'host' | 'epoch' | 'version' | 'newestFormat' | 'config'>;

/** What it tells besides: how it is just now. */
export type NodeState = Pick<Beat, 'place' | 'lag' | 'lack' | 'isLevel' | 'connections'>;

interface Parts {
  readonly bus: Bus;
  readonly identity: NodeIdentity;
  readonly state: () => NodeState;
  readonly checkpoints: () => Promise<readonly Checkpoint[]>;
  /** The place of the snapshot that this node was started with; `undefined` where it has decided all by itself. */
  readonly copiedPlace: number | undefined;
  /** The format in force in its store. */
  readonly format: () => Promise<number>;
  /** All nodes know this format: it can be in force from now on. */
  readonly raiseFormat: (format: number) => void;
  /** This node has decided otherwise than the majority: it must not go on. */
  readonly onFault: (fault: string) => void;
  /** Called once for each node whose options differ. */
  readonly onOtherConfig: (host: string) => void;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

interface HeardNode {
  readonly id: string;
  readonly beat: Beat;
  readonly heardMs: number;
}

/** Tells the other nodes how far this one is, and compares what all of them have decided. */
export class Heartbeats {
  readonly #parts: Parts;
  readonly #now: () => number;
  readonly #nodes = new Map<string, HeardNode>();
  /** A copy would only repeat what its sender says, right or wrong: it does not count before it has agreed with the others. */
  #isVoter: boolean;
  #timer: NodeJS.Timeout | undefined;
  #isBeating = false;
  #beatsInMinority = 0;
  #beatsInAgreement = 0;
  /** Of this node, at its last heartbeat. */
  #checkpoints: readonly Checkpoint[] = [];
  readonly #formatVote = new FormatVote();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#isVoter = parts.copiedPlace === undefined;
    this.#now = parts.now ?? performance.now.bind(performance);
    parts.bus.hear(HEARTBEAT, (body, node) => this.#hear(body, node));
  }

  start(): void {
    this.#timer = setInterval(() => void this.beat(), BEAT_MS).unref();
    void this.beat();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Whether the others have decided otherwise. */
  get isInMinority(): boolean {
    return this.#beatsInMinority > 0;
  }

  /** Whether another node may have all of the log: one that has not said lately that it does not know. */
  get mayOthersBeLevel(): boolean {
    const since = this.#now() - CURRENT_MS;
    this.#forget();
    return [...this.#nodes.values()].some(({ beat, heardMs }) => beat.isLevel || heardMs < since);
  }

  /** The place of the node that is furthest, as far as this one has heard. */
  get highestPlace(): number {
    return this.#heard().reduce((most, { beat }) => Math.max(most, beat.place), 0);
  }

  /** This node and the others that are heard, this one first. */
  get nodes(): readonly NodeStatus[] {
    const { bus, identity, state } = this.#parts;
    const own = { ...identity, ...state(), id: bus.node, agrees: true };
    const others = this.#heard().map(({ id, beat: { checkpoints, config: _, ...beat } }) => ({
      ...beat,
      id,
      agrees: agrees(this.#checkpoints, checkpoints),
    }));
    return [own, ...others];
  }

  /** Tells the others, and compares. One at a time: the store may take long. */
  async beat(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    try {
      const { bus, identity, state } = this.#parts;
      const [checkpoints, format] = await Promise.all([
        this.#parts.checkpoints(),
        this.#parts.format(),
      ]);
      this.#checkpoints = checkpoints;
      const told = this.#isVoter ? checkpoints : [];
      bus.tell(HEARTBEAT, { ...identity, ...state(), checkpoints: told } satisfies Beat);
      this.#compare(checkpoints);
      this.#vote(format);
    } catch {
      // The store has ended, or cannot be read just now: it reports that itself.
    } finally {
      this.#isBeating = false;
    }
  }

  #hear(body: unknown, id: string): void {
    const beat = readBeat(body);
    const { identity, onOtherConfig } = this.#parts;
    if (!beat || beat.epoch !== identity.epoch) return;
    const isNew = !this.#nodes.has(id);
    this.#forget();
    if (isNew && this.#nodes.size >= MAX_NODES) return;
    this.#nodes.set(id, { id, beat, heardMs: this.#now() });
    if (isNew && beat.config !== identity.config) onOtherConfig(beat.host);
  }

  /** The nodes that were heard of lately. */
  #heard(): readonly HeardNode[] {
    const since = this.#now() - SILENT_MS;
    return [...this.#nodes.values()].filter(({ heardMs }) => heardMs >= since);
  }

  #forget(): void {
    const since = this.#now() - STOPPED_MS;
    for (const [id, { heardMs }] of this.#nodes) if (heardMs < since) this.#nodes.delete(id);
  }

  #vote(inForce: number): void {
    const others = this.#heard().map(({ beat }) => beat.newestFormat);
    const newest = [this.#parts.identity.newestFormat, ...others];
    const next = this.#formatVote.count(inForce, newest);
    if (next !== undefined) this.#parts.raiseFormat(next);
  }

  #compare(checkpoints: readonly Checkpoint[]): void {
    const { bus, identity, copiedPlace = 0 } = this.#parts;
    const own = checkpoints.filter(({ place }) => place > copiedPlace);
    const heard = this.#heard().map(({ id, beat }) => ({ ...beat, id }));
    const voters = this.#isVoter ? [{ ...identity, id: bus.node, checkpoints }, ...heard] : heard;
    const verdict = compareDigests(own, voters);
    this.#beatsInMinority = verdict && !verdict.isRight ? this.#beatsInMinority + 1 : 0;
    this.#beatsInAgreement = verdict?.isRight ? this.#beatsInAgreement + 1 : 0;
    if (this.#beatsInAgreement >= CONFIRMED_BEATS) this.#isVoter = true;
    if (verdict && this.#beatsInMinority >= CONFIRMED_BEATS) this.#parts.onFault(faultOf(verdict));
  }
}
