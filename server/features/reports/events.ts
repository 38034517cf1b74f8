import type { Erasing, RoomEventBase } from '../event.ts';

/** A user reported a message to the moderators. */
export interface MessageReported extends RoomEventBase {
  readonly kind: 'message-reported';
  readonly id: number;
  /** Empty where none was given. */
  readonly reason: string;
}

/** A moderator dismissed the reports of a message. */
export interface ReportsDismissed extends RoomEventBase {
  readonly kind: 'reports-dismissed';
  readonly id: number;
}

export type ReportEvent = MessageReported | ReportsDismissed;

export const reportErasing: Erasing<ReportEvent> = {
  'message-reported': false,
  'reports-dismissed': true,
};
