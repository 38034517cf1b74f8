import type { PollCreators, RoomKind, Settings } from '../auth/room-settings.ts';
import type { UserRef } from '../core/actor.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Variant } from '../core/variant.ts';
import type { MessageKey } from '../shared/i18n.ts';

/** Who does something to a room, and the number and time of the event. */
interface ActionContext {
  readonly uid: string;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What everybody may know of an action: its details in the body of its system message. */
export interface ActionDetails {
  readonly enabled?: boolean;
  readonly text?: string;
  readonly seconds?: number;
  readonly days?: number;
  readonly creators?: PollCreators;
  readonly kind?: RoomKind;
  readonly minutes?: number | null;
  readonly whom?: UserRef;
  /** The id of a message. The system message itself has an `id`. */
  readonly message?: number;
}

/** All that depends on the type of an action. */
export interface ActionRules<A> {
  /** Why it makes no sense in a room, if there is a reason. */
  denial?(settings: Settings): ErrorCode | undefined;
  /** The settings of the room after it. */
  apply(settings: Settings, action: A, context: ActionContext): Settings;
  /** What is stored with its system message: no address, and no password, not even its hash. */
  details(action: A): ActionDetails;
  /** The text of its system message. */
  text(details: ActionDetails): MessageKey;
}

/** The rules of each type of action. */
export type RulesOf<A extends { readonly type: string }> = {
  readonly [T in A['type']]: ActionRules<Variant<A, 'type', T>>;
};
