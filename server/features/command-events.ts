import type { ErrorCode } from '../core/errors.ts';
import type { Variant } from '../core/variant.ts';
import type { RoomEventBase } from './event.ts';
import type { ResolveUser } from './moderation/resolve-user.ts';

interface AnyCommand {
  readonly type: string;
}

/** What a command becomes an event with. */
export interface CommandContext {
  /** Finds a user, with their address and browsers if they are online. */
  readonly find: ResolveUser;
}

/** An event of a user, without what all of them have, and without its time. */
type Content<E> = E extends RoomEventBase ? Omit<E, keyof RoomEventBase> : never;

/** What each type of command says has happened. It throws a ChatError where its text is invalid. */
export type CommandEvents<C extends AnyCommand, E> = {
  readonly [T in C['type']]: (
    command: Variant<C, 'type', T>,
    context: CommandContext,
  ) => Content<E> | Promise<Content<E>>;
};

/** The error of each field that is wrong. */
export type FieldErrors = Readonly<Record<string, ErrorCode>>;
