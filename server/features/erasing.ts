import type { Event } from './events.ts';

/** Whether an event deletes all messages of a room. */
export function isClearing(event: Event): boolean {
  return event.kind === 'room-action' && event.action.type === 'history-cleared';
}

/**
 * Whether an event deletes what somebody wrote. It is then overwritten in the database (see
 * `secure_delete`), but the write-ahead log has it until that is copied and truncated.
 */
export function isErasing(event: Event): boolean {
  switch (event.kind) {
    case 'message-edited':
    case 'message-deleted':
    case 'option-moderated':
      return true;
    case 'room-action':
      return isClearing(event);
    case 'poll-changed':
      return event.action === 'reset';
    case 'vote-toggled':
    case 'option-suggested':
      return !event.enabled;
    default:
      return false;
  }
}
