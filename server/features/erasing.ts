import type { Event } from './events.ts';

/** Whether an event deletes all messages of a room. */
export function isClearing(event: Event): boolean {
  return event.kind === 'acted' && event.act.act === 'cleared';
}

/**
 * Whether an event deletes what somebody wrote. It is then overwritten in the database (see
 * `secure_delete`), but the write-ahead log has it until that is copied and truncated.
 */
export function isErasing(event: Event): boolean {
  switch (event.kind) {
    case 'edited':
    case 'deleted':
    case 'option-marked':
      return true;
    case 'acted':
      return isClearing(event);
    case 'poll-acted':
      return event.act === 'reset';
    case 'chose':
    case 'suggested':
      return !event.on;
    default:
      return false;
  }
}
