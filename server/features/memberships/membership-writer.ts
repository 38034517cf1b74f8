import type { Log, Undated } from '../../core/log.ts';
import { withTimeout } from '../../core/with-timeout.ts';
import type { MembershipsChanged } from './events.ts';
import type { MembershipChange } from './membership.ts';

/** Changes are gathered for this long: a thousand users who read on are one event. */
const GATHER_MS = 100;
/** Users and rooms in one event; more are the next one. */
const MAX_CHANGES = 500;
/** A list of rooms waits for a write this long at most: reading goes on where nothing can be written. */
const MAX_WAIT_MS = 1_000;

interface Waiting extends PromiseWithResolvers<void> {
  readonly change: MembershipChange;
}

/** Appends what users read to the log, many changes at once, so that messages need not wait for them. */
export class MembershipWriter {
  readonly #log: Pick<Log<Undated<MembershipsChanged>>, 'append'>;
  /** By user and room: of several positions the highest counts. */
  readonly #waiting = new Map<string, Waiting>();
  #timer: NodeJS.Timeout | undefined;
  /** Resolves when the last event is committed, or has failed. */
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(log: Pick<Log<Undated<MembershipsChanged>>, 'append'>) {
    this.#log = log;
  }

  /** Resolves once it is committed. @throws ChatError where it is not */
  change(change: MembershipChange): Promise<void> {
    const key = `${change.uid} ${change.room}`;
    const before = this.#waiting.get(key);
    const waiting = before ?? Promise.withResolvers<void>();
    this.#waiting.set(key, { ...waiting, change: merged(before?.change, change) });
    if (this.#waiting.size >= MAX_CHANGES) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), GATHER_MS).unref();
    return waiting.promise;
  }

  /** Resolves when what this user has read so far is committed, has failed, or takes too long. */
  async settled(uid: string): Promise<void> {
    if ([...this.#waiting.values()].some(({ change }) => change.uid === uid)) this.#write();
    await withTimeout(this.#lastWrite, MAX_WAIT_MS, () => undefined);
  }

  /** Appends what waits: before the log is closed. */
  close(): void {
    this.#write();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    const changes = all.map(({ change }) => change);
    this.#lastWrite = this.#log.append({ kind: 'memberships-changed', changes }).then(
      () => all.forEach(({ resolve }) => void resolve()),
      (error: unknown) => all.forEach(({ reject }) => void reject(error)),
    );
  }
}

function merged(before: MembershipChange | undefined, change: MembershipChange): MembershipChange {
  if (!before) return change;
  const positions = [before.readId, change.readId].filter((id) => id !== null);
  return {
    ...change,
    readId: positions.length > 0 ? Math.max(...positions) : null,
    notifications: change.notifications ?? before.notifications,
  };
}
