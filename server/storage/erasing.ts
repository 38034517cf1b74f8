import type { Event } from '../core/event.ts';

/** Whether all that was said in a room is gone by an event. */
export function isClearing(event: Event): boolean {
  return event.kind === 'acted' && event.act.act === 'cleared';
}

/**
 * Whether what somebody wrote is gone by an event. It is overwritten in the database then (see
 * `secure_delete`), but the write-ahead log has it until that is copied and cut off.
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
