import type { Bus } from '../core/bus.ts';
import type { ChannelToPrimary } from './methods.ts';

type Hearing = (body: unknown, worker: string) => void;

/** Tells the other workers, over the primary. */
export class WorkerBus implements Bus {
  readonly node: string;
  readonly #channel: ChannelToPrimary;
  readonly #hearing = new Map<string, Hearing[]>();

  /** @param worker the id of this one, which no other has had */
  constructor(channel: ChannelToPrimary, worker: string) {
    this.node = worker;
    this.#channel = channel;
    channel.serve({
      told: (topic, body, worker) => {
        for (const onTold of this.#hearing.get(topic) ?? []) onTold(body, worker);
      },
    });
  }

  tell(topic: string, body: unknown): void {
    this.#channel.post('tell', topic, body);
  }

  hear(topic: string, onTold: Hearing): void {
    this.#hearing.set(topic, [...(this.#hearing.get(topic) ?? []), onTold]);
  }
}
