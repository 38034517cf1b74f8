import type { Bus } from './bus.ts';
import type { PresenceUpdate } from './presence.ts';
import { PresenceUnion } from './presence-union.ts';
import { toldPresence } from './told-presence.ts';

const PRESENCE = 'presence';
/** A node that starts asks the others for all they have. */
const REQUEST = 'presence-request';

/** How often a node tells all of its part, in case something was lost. */
const REPEAT_MS = 5_000;
/** A node that is not heard of for so long has left. */
const SILENCE_MS = 15_000;
const TICK_MS = 250;
/** Rooms of which all is told in one tick, so that it takes some milliseconds. */
const MAX_PER_TICK = 200;
/** What other nodes may make this one remember. */
const MAX_ROOMS = 10_000;
const MAX_NODES = 32;

/** A room that is open on this node. */
interface OpenRoom {
  /** The users that this node has there. */
  readonly own: () => PresenceUpdate;
  /** Another node has told something. */
  readonly onChange: () => void;
}

interface KnownRoom {
  readonly union: PresenceUnion;
  /** When each other node was last heard of. */
  readonly heardMs: Map<string, number>;
  open: OpenRoom | undefined;
}

/** The part of a room in the exchange. */
export interface SharedPresence {
  readonly union: PresenceUnion;
  /** What differs among the users of this node. */
  tell(update: PresenceUpdate): void;
  /** The room is closed on this node. */
  close(): void;
}

/** A room whose users are all on this server. */
export function aloneInRoom(): SharedPresence {
  return { union: new PresenceUnion(), tell: () => {}, close: () => {} };
}

/**
 * Exchanges who is in which room between the nodes of a cluster. A node tells what differs, and from
 * time to time all of it; what was told is forgotten where that is missing.
 */
export class PresenceExchange {
  readonly #bus: Bus;
  readonly #now: () => number;
  readonly #rooms = new Map<string, KnownRoom>();
  /** When all of a room was last told: the room whose turn it is comes first. */
  readonly #toldMs = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param now a monotonic clock, in milliseconds */
  constructor(bus: Bus, now: () => number = () => performance.now()) {
    this.#bus = bus;
    this.#now = now;
    bus.hear(PRESENCE, (body, node) => this.#heard(body, node));
    bus.hear(REQUEST, () => this.#repeatAll());
  }

  /** Asks the others, and keeps them informed from now on. */
  start(): void {
    this.#bus.tell(REQUEST, null);
    this.#timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** A room is opened on this node. */
  share(room: string, open: OpenRoom): SharedPresence {
    const known = this.#rooms.get(room) ?? this.#add(room);
    known.open = open;
    this.#toldMs.set(room, this.#now());
    return {
      union: known.union,
      tell: (update) => this.#bus.tell(PRESENCE, { room, ...update }),
      close: () => {
        known.open = undefined;
        this.#toldMs.delete(room);
        this.#bus.tell(PRESENCE, { room, people: [], count: 0, isWhole: true });
        this.#removeUnused(room, known);
      },
    };
  }

  /** How many users are online in a room that is open on other nodes only. */
  countElsewhere(room: string): number {
    return this.#rooms.get(room)?.union.count ?? 0;
  }

  /** What is due: tells all of some rooms, and forgets the nodes that are not heard of. */
  tick(): void {
    const now = this.#now();
    let left = MAX_PER_TICK;
    for (const [room, toldMs] of this.#toldMs) {
      if (toldMs + REPEAT_MS > now || left === 0) break;
      left -= 1;
      this.#toldMs.delete(room);
      this.#toldMs.set(room, now);
      const own = this.#rooms.get(room)?.open?.own();
      if (own && own.count > 0) this.#bus.tell(PRESENCE, { room, ...own });
    }
    for (const [room, known] of this.#rooms) {
      for (const [node, heardMs] of known.heardMs) {
        if (heardMs + SILENCE_MS <= now) this.#forget(room, known, node);
      }
    }
  }

  #repeatAll(): void {
    for (const room of this.#toldMs.keys()) this.#toldMs.set(room, Number.NEGATIVE_INFINITY);
  }

  #heard(body: unknown, node: string): void {
    const { data } = toldPresence.safeParse(body);
    if (!data) return;
    const { room, ...update } = data;
    const known = this.#rooms.get(room);
    if (!known && (update.count === 0 || this.#rooms.size >= MAX_ROOMS)) return;
    const { union, heardMs, open } = known ?? this.#add(room);
    if (!heardMs.has(node) && heardMs.size >= MAX_NODES) return;
    heardMs.set(node, this.#now());
    union.update(node, update);
    this.#changed({ union, open });
    if (update.count === 0 && known) this.#forget(room, known, node);
  }

  #forget(room: string, known: KnownRoom, node: string): void {
    known.heardMs.delete(node);
    known.union.remove(node);
    this.#changed(known);
    this.#removeUnused(room, known);
  }

  /** Where nobody is told what has changed, that is forgotten. */
  #changed({ union, open }: Pick<KnownRoom, 'union' | 'open'>): void {
    if (open) open.onChange();
    else union.changes();
  }

  #add(room: string): KnownRoom {
    const known = {
      union: new PresenceUnion(),
      heardMs: new Map<string, number>(),
      open: undefined,
    };
    this.#rooms.set(room, known);
    return known;
  }

  #removeUnused(room: string, { open, heardMs }: KnownRoom): void {
    if (!open && heardMs.size === 0) this.#rooms.delete(room);
  }
}
