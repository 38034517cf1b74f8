import type { SessionEvent } from '../auth/session-events.ts';
import { isKnownFormat } from '../core/format.ts';
import type { Undated } from '../core/log.ts';
import { sessionErasing } from './accounts/events.ts';
import { type AdministrationEvent, administrationErasing } from './administration/events.ts';
import { type FileEvent, fileErasing } from './attachments/events.ts';
import { type ErasureEvent, erasureErasing } from './erasure/events.ts';
import type { Erasing } from './event.ts';
import { type FormatRaised, formatErasing } from './format/events.ts';
import { type MembershipsChanged, membershipErasing } from './memberships/events.ts';
import { type MessageEvent, messageErasing } from './messages/events.ts';
import { type RoomActed, roomActionErasing } from './moderation/events.ts';
import { clearsHistory } from './moderation/room-actions.ts';
import {
  type PollEvent,
  type PreparedPollEvent,
  pollErasing,
  preparedPollErasing,
} from './polls/events.ts';
import { type StageEvent, stageErasing } from './projector/events.ts';
import { type ReactionToggled, reactionErasing } from './reactions/events.ts';
import { type ReportEvent, reportErasing } from './reports/events.ts';
import { type MessagesExpired, retentionErasing } from './retention/events.ts';
import { isKnownAction } from './room-actions.ts';

/** What can happen in a room. */
export type RoomEvent =
  | MessageEvent
  | ReactionToggled
  | RoomActed
  | PollEvent
  | PreparedPollEvent
  | StageEvent
  | ReportEvent
  | MessagesExpired;

/** Everything that can happen. The log numbers each event, the store applies it. */
export type Event =
  | RoomEvent
  | FileEvent
  | SessionEvent
  | MembershipsChanged
  | AdministrationEvent
  | ErasureEvent
  | FormatRaised;

const ERASING: Erasing<Event> = {
  ...messageErasing,
  ...reactionErasing,
  ...roomActionErasing,
  ...pollErasing,
  ...preparedPollErasing,
  ...stageErasing,
  ...reportErasing,
  ...fileErasing,
  ...sessionErasing,
  ...membershipErasing,
  ...administrationErasing,
  ...retentionErasing,
  ...erasureErasing,
  ...formatErasing,
};

/** The event, with the time of its commit. */
export function dated(event: Undated<Event>, at: number): Event {
  // Undated<E> is E without its time.
  return { ...event, at } as Event;
}

/** Whether this version can apply an event of a log that servers of other versions append to. */
export function isKnownEvent(event: Undated<Event>): boolean {
  if (!Object.hasOwn(ERASING, event.kind)) return false;
  if (event.kind === 'format-raised') return isKnownFormat(event.format);
  return event.kind !== 'room-action' || isKnownAction(event.action.type);
}

/** Whether an event deletes what somebody wrote. */
export function isErasing(event: Undated<Event>): boolean {
  // A rule is that of the event's kind, which the type of the table ensures.
  const rule = ERASING[event.kind] as boolean | ((event: Undated<Event>) => boolean);
  return typeof rule === 'function' ? rule(event) : rule;
}

/** Whether an event deletes all messages of a room. */
export function isClearing(event: Undated<Event>): boolean {
  return event.kind === 'room-action' && clearsHistory(event.action);
}
