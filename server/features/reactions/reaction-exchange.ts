import { z } from 'zod';
import type { Bus } from '../../core/bus.ts';
import { LIVE_REACTIONS } from '../../shared/live-reactions.ts';
import { MAX_NAME_CHARACTERS } from '../../shared/room-name.ts';
import type { Counts } from './live-reactions.ts';

const TOPIC = 'live-reactions';

const toldReactions = z.object({
  room: z.string().min(1).max(MAX_NAME_CHARACTERS),
  counts: z.partialRecord(z.enum(LIVE_REACTIONS), z.int().min(1).max(1_000_000)),
});

/** Tells the other nodes of a cluster how the audience of a room reacts on this one. */
export class ReactionExchange {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  tell(room: string, counts: Counts): void {
    this.#bus.tell(TOPIC, { room, counts });
  }

  /** @param onTold is called with the reactions of users of another node */
  hear(onTold: (room: string, counts: Counts) => void): void {
    this.#bus.hear(TOPIC, (body) => {
      const { data } = toldReactions.safeParse(body);
      if (data) onTold(data.room, data.counts);
    });
  }
}
