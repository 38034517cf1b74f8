import type { SessionEvent } from '../auth/session-events.ts';
import { sessionErasing } from './accounts/events.ts';
import { type FileEvent, fileErasing } from './attachments/events.ts';
import type { Erasing } from './event.ts';
import { type MembershipsChanged, membershipErasing } from './memberships/events.ts';
import { type MessageEvent, messageErasing } from './messages/events.ts';
import { type RoomActed, roomActionErasing } from './moderation/events.ts';
import {
  type PollEvent,
  type PreparedPollEvent,
  pollErasing,
  preparedPollErasing,
} from './polls/events.ts';
import { type StageEvent, stageErasing } from './projector/events.ts';
import { type ReactionToggled, reactionErasing } from './reactions/events.ts';

/** What can happen in a room. */
export type RoomEvent =
  | MessageEvent
  | ReactionToggled
  | RoomActed
  | PollEvent
  | PreparedPollEvent
  | StageEvent;

/** Everything that can happen. The log numbers each event, the store applies it. */
export type Event = RoomEvent | FileEvent | SessionEvent | MembershipsChanged;

const ERASING: Erasing<Event> = {
  ...messageErasing,
  ...reactionErasing,
  ...roomActionErasing,
  ...pollErasing,
  ...preparedPollErasing,
  ...stageErasing,
  ...fileErasing,
  ...sessionErasing,
  ...membershipErasing,
};

/** Whether an event deletes what somebody wrote. */
export function isErasing(event: Event): boolean {
  // A rule is that of the event's kind, which the type of the table ensures.
  const rule = ERASING[event.kind] as boolean | ((event: Event) => boolean);
  return typeof rule === 'function' ? rule(event) : rule;
}

/** Whether an event deletes all messages of a room. */
export function isClearing(event: Event): boolean {
  return event.kind === 'room-action' && event.action.type === 'history-cleared';
}
