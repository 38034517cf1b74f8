import { serialize } from 'node:v8';
import type { ChatChange, ChatLog } from '../features/change.ts';
import { addedMaps } from '../monitor/measurements.ts';
import type { ChannelToWorker } from './methods.ts';
import { within } from './within.ts';

/** The workers of a primary: they tell each other something, and are sent what its log commits. */
export class WorkerLinks {
  readonly #links = new Map<string, ChannelToWorker>();
  readonly #subscribed = new Set<ChannelToWorker>();

  get all(): readonly ChannelToWorker[] {
    return [...this.#links.values()];
  }

  /** @param id under which the others hear of it: no other worker has had it */
  add(id: string, channel: ChannelToWorker, log: Pick<ChatLog, 'head' | 'append'>): void {
    this.#links.set(id, channel);
    channel.serve({
      subscribe: () => {
        this.#subscribed.add(channel);
        return log.head;
      },
      append: (event) => log.append(event),
      sync: () => {},
      tell: (topic, body) => {
        for (const [other, link] of this.#links) {
          if (other !== id) link.post('told', topic, body, id);
        }
      },
    });
  }

  /** The worker has ended. */
  delete(id: string): void {
    const channel = this.#links.get(id);
    if (channel) this.#subscribed.delete(channel);
    this.#links.delete(id);
  }

  /** How many connections are open in all workers, by transport. */
  async countConnections(): Promise<ReadonlyMap<string, number>> {
    const counts = await Promise.all(
      this.all.map((channel) => within(channel.call('countConnections'))),
    );
    return counts.reduce<ReadonlyMap<string, number>>(
      (sum, count = new Map()) => addedMaps(sum, count),
      new Map(),
    );
  }

  /** Sends what a commit has changed: before the answers to its appends, which go the same way. */
  publish(batch: readonly ChatChange[]): void {
    const bytes = serialize(batch);
    for (const channel of this.#subscribed) channel.post('publish', bytes);
  }
}
