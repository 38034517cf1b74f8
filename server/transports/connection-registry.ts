import type { Logger } from 'pino';
import type { AccessPasses } from '../auth/access-passes.ts';
import type { Guests } from '../auth/guests.ts';
import type { Identity } from '../auth/identity.ts';
import type { RoomAccess } from '../auth/room-access.ts';
import type { SessionChange } from '../auth/session.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { User } from '../auth/user.ts';
import type { Counters } from '../core/counters.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { ChatRooms } from '../features/rooms/chat-rooms.ts';
import type { TrafficMeters } from '../features/transport-lab/traffic-meters.ts';
import type { AdmissionQueue } from '../limits/admission-queue.ts';
import type { ConnectionLimiter } from '../limits/connection-limiter.ts';
import type { OpenResponses } from '../limits/open-responses.ts';
import type { Language } from '../shared/i18n.ts';
import type { Timeouts } from '../timeouts.ts';

/** How long a client may take to close a connection that is suspended. */
const SUSPEND_MS = 1_000;

/** What a transport depends on. */
export interface TransportParts {
  readonly rooms: ChatRooms;
  readonly identity: Identity;
  /** Access to the server, and to each room. */
  readonly accessPasses: AccessPasses;
  readonly roomAccess: RoomAccess;
  readonly connectionLimiter: ConnectionLimiter;
  readonly openResponses: OpenResponses;
  readonly admissionQueue: AdmissionQueue;
  readonly connections: ConnectionRegistry;
  readonly meters: TrafficMeters;
  readonly counters: Counters;
  readonly timeouts: Timeouts;
  /** The language of clients that prefer none of the others. */
  readonly language: Language;
  readonly logger: Logger;
}

const TRANSPORTS = ['websocket', 'sse', 'long-polling'] as const;

/** The server ends, or this one lacks what another has. */
export type CloseReason = 'restart' | 'elsewhere';

/** An open connection to a client. */
export interface RegisteredConnection {
  readonly transport: (typeof TRANSPORTS)[number];
  readonly user: User | undefined;
  /** Ends it: the client may not have it any more. */
  disconnect(why: ErrorCode): void;
  /** Shows the client that the connection is alive, and finds out whether the client is. */
  heartbeat(): void;
  /** Announces why, and ends when the client has left, or within the time. */
  close(withinMs: number, why: CloseReason): Promise<void>;
}

/** Heartbeats are spread over their interval, in steps of at least so long, and so many at most. */
const STEP_MS = 250;
const MAX_STEPS = 64;

interface Parts {
  /** Milliseconds between two heartbeats of a connection. */
  readonly beatMs: number;
  readonly sessions: Pick<Sessions, 'hasEnded' | 'touch'>;
  readonly guests: Pick<Guests, 'hasSignedIn'>;
  /** Whether this node of a cluster does not get on in the log. */
  readonly isStalled?: () => boolean;
}

/** All open connections, of whatever transport: they share their heartbeats, and one shutdown. */
export class ConnectionRegistry {
  readonly #sessions: Pick<Sessions, 'hasEnded' | 'touch'>;
  readonly #guests: Pick<Guests, 'hasSignedIn'>;
  readonly #isStalled: () => boolean;
  /** The connections of each step: ten thousand heartbeats at once would hold the event loop. */
  readonly #steps: readonly Set<RegisteredConnection>[];
  /** All connections, with those that have their heartbeat at the same time. */
  readonly #open = new Map<RegisteredConnection, Set<RegisteredConnection>>();
  /** The step that comes next. */
  #step = 0;
  #added = 0;
  readonly #heartbeats: NodeJS.Timeout;
  #isClosed = false;
  #isSuspended = false;

  constructor({ beatMs, sessions, guests, isStalled = () => false }: Parts) {
    this.#sessions = sessions;
    this.#guests = guests;
    this.#isStalled = isStalled;
    const count = Math.max(1, Math.min(MAX_STEPS, Math.floor(beatMs / STEP_MS)));
    this.#steps = Array.from({ length: count }, () => new Set());
    this.#heartbeats = setInterval(() => {
      const streams = this.#steps[this.#step] ?? [];
      this.#step = (this.#step + 1) % count;
      for (const stream of streams) this.#heartbeat(stream);
    }, beatMs / count);
  }

  /** Why nobody may read on; `undefined` where connections stay open. */
  get whyClosed(): ErrorCode | undefined {
    if (this.#isClosed) return 'shutting-down';
    return this.#isSuspended ? 'log-unavailable' : undefined;
  }

  /** Why no more connections are opened; `undefined` where they are. */
  get whyRefusing(): ErrorCode | undefined {
    return this.whyClosed ?? (this.#isStalled() ? 'log-unavailable' : undefined);
  }

  add(stream: RegisteredConnection): void {
    const step = this.#stepFor(this.#added);
    this.#added += 1;
    step.add(stream);
    this.#open.set(stream, step);
    // It was admitted before.
    if (this.#isSuspended) queueMicrotask(() => void stream.close(SUSPEND_MS, 'elsewhere'));
    // The session may have ended, or the guest signed in, while the connection was being opened.
    const { session, uid } = stream.user ?? {};
    const hasEnded = session ? this.#sessions.hasEnded(session) : false;
    const hasSignedIn = !session && uid !== undefined && this.#guests.hasSignedIn(uid);
    if (hasEnded) queueMicrotask(() => stream.disconnect('session-expired'));
    if (hasSignedIn) queueMicrotask(() => stream.disconnect('guest-signed-in'));
  }

  delete(stream: RegisteredConnection): void {
    this.#open.get(stream)?.delete(stream);
    this.#open.delete(stream);
  }

  countByTransport(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>(TRANSPORTS.map((transport) => [transport, 0]));
    for (const { transport } of this.#open.keys())
      counts.set(transport, (counts.get(transport) ?? 0) + 1);
    return counts;
  }

  /** Closes all connections of sessions that have ended, and of guests who signed in or are erased. */
  apply(batch: readonly SessionChange[]): void {
    const ids = new Set(batch.flatMap(({ ended = [] }) => ended));
    const guests = new Set(batch.flatMap(({ carriedGuest }) => carriedGuest ?? []));
    const erased = new Set(batch.flatMap((change) => change.erased ?? []));
    if (ids.size + guests.size + erased.size === 0) return;
    for (const stream of [...this.#open.keys()]) {
      const { session, uid = '' } = stream.user ?? {};
      if (session ? ids.has(session) : erased.has(uid)) stream.disconnect('session-expired');
      else if (!session && guests.has(uid)) stream.disconnect('guest-signed-in');
    }
  }

  /** The first heartbeat of a connection comes after half of the interval at the earliest. */
  #stepFor(added: number): Set<RegisteredConnection> {
    const { length } = this.#steps;
    const half = Math.floor(length / 2);
    const index = this.#step + half + (added % (length - half));
    return this.#steps[index % length] ?? new Set();
  }

  #heartbeat(stream: RegisteredConnection): void {
    stream.heartbeat();
    const session = stream.user?.session;
    if (session) this.#sessions.touch(session);
  }

  /**
   * Closes all connections, and opens none, for as long as the server does not know what happens: users
   * who lost access elsewhere would keep it here. Clients reconnect, to another server if there is one.
   */
  suspend(isSuspended: boolean): void {
    this.#isSuspended = isSuspended;
    if (!isSuspended) return;
    for (const stream of [...this.#open.keys()]) void stream.close(SUSPEND_MS, 'elsewhere');
  }

  async close(withinMs: number): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#heartbeats);
    await Promise.all([...this.#open.keys()].map((stream) => stream.close(withinMs, 'restart')));
  }
}
