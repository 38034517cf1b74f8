import { setTimeout as wait } from 'node:timers/promises';
import type { Bus } from '../core/bus.ts';
import type { Checkpoint } from '../core/replication.ts';
import { compareDigests, type Verdict, type Voter } from './digest-vote.ts';
import { HEARTBEAT, LISTEN_MS, MAX_NODES, readBeat } from './heartbeats.ts';

/** Of each node; the first count, because a snapshot is of the time when it was asked for. */
const MAX_CHECKPOINTS = 4_096;

interface Heard {
  readonly host: string;
  readonly digests: Map<number, string>;
}

/** What the nodes have decided that are heard while a snapshot is fetched. */
export class HeardVoters {
  readonly #nodes = new Map<string, Heard>();
  readonly #sinceMs = performance.now();

  constructor(bus: Bus, epoch: string) {
    bus.hear(HEARTBEAT, (body, id) => {
      const beat = readBeat(body);
      if (beat?.epoch === epoch) this.#add(id, beat.host, beat.checkpoints);
    });
  }

  /**
   * Compares the checkpoints of a snapshot with those of the nodes, when each of them has been heard.
   * @returns `undefined` where they have no place in common
   */
  async compare(own: readonly Checkpoint[]): Promise<Verdict | undefined> {
    await wait(Math.max(0, this.#sinceMs + LISTEN_MS - performance.now()));
    const voters = [...this.#nodes].map(([id, { host, digests }]): Voter => {
      const checkpoints = [...digests].map(([place, digest]) => ({ place, digest }));
      return { id, host, checkpoints };
    });
    return compareDigests(own, voters);
  }

  #add(id: string, host: string, checkpoints: readonly Checkpoint[]): void {
    const node = this.#nodes.get(id) ?? { host, digests: new Map() };
    if (this.#nodes.size < MAX_NODES) this.#nodes.set(id, node);
    for (const { place, digest } of checkpoints) {
      if (node.digests.size < MAX_CHECKPOINTS) node.digests.set(place, digest);
    }
  }
}
