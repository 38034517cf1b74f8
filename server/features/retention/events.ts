import type { Erasing } from '../event.ts';

/** The oldest messages of a room were older than messages are kept there: some of them were removed. */
export interface MessagesExpired {
  readonly kind: 'messages-expired';
  readonly room: string;
  /** For how many days the server keeps messages; `null`: without end. The room may keep them shorter. */
  readonly keepDays: number | null;
  /** Milliseconds since 1970: what is older than `keepDays` by then expires. */
  readonly at: number;
}

export const retentionErasing: Erasing<MessagesExpired> = { 'messages-expired': true };
