import type { Actor } from '../core/actor.ts';
import type { Variant } from '../core/variant.ts';

/** What every event of a room has. */
export interface RoomEventBase {
  readonly room: string;
  readonly who: Actor;
  /** The sender's own id for the command: the same one again is the same command. Messages have a `cid`. */
  readonly commandId?: string | undefined;
  /** When it was committed, by the clock of the log. Milliseconds since 1970. */
  readonly at: number;
}

/** An event as the log has it: its kind, under which it is stored, and what applying it needs. */
interface AnyEvent {
  readonly kind: string;
}

/** A function for each kind of event. */
export type EventHandlers<E extends AnyEvent, R> = {
  readonly [K in E['kind']]: (event: Variant<E, 'kind', K>) => R;
};

/**
 * Whether an event of each kind deletes what somebody wrote. It is then overwritten in the database
 * (see `secure_delete`), but the write-ahead log has it until that is copied and truncated.
 */
export type Erasing<E extends AnyEvent> = {
  readonly [K in E['kind']]: boolean | ((event: Variant<E, 'kind', K>) => boolean);
};
