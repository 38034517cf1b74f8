import type { User } from '../auth/user.ts';
import { type Command, normalizeBody } from './command.ts';
import type { RoomEvent } from './events.ts';
import { assertKnownSlashCommand } from './messages/known-slash-commands.ts';
import { type ResolveUser, toRoomAction } from './moderation/room-action.ts';
import { parsePollCommand, toPollSpec } from './polls/create-poll.ts';

const POLL_ACTS = {
  'close-poll': 'closed',
  'reopen-poll': 'reopened',
  'reset-poll': 'reset',
  'reveal-poll': 'revealed',
} as const;

/**
 * Turns a command into the event to append.
 * @param find finds a user, with their address and browsers if they are online
 * @throws ChatError if the text of a message is invalid
 */
export async function toEvent(
  command: Exclude<Command, { readonly type: 'presence' | 'typing' }>,
  room: string,
  who: User,
  find: ResolveUser,
): Promise<RoomEvent> {
  const at = Date.now();
  const event = { room, who, at };
  switch (command.type) {
    case 'post-message': {
      const { cid, reply, files } = command;
      const body = normalizeBody(command.message, files.length > 0);
      const asked = parsePollCommand(body);
      if (asked) return { kind: 'poll-created', cid, poll: toPollSpec(asked, at), files, ...event };
      assertKnownSlashCommand(body);
      return { kind: 'message-posted', cid, body, reply, files, ...event };
    }
    case 'create-poll':
      return {
        kind: 'poll-created',
        cid: null,
        poll: toPollSpec(command, at),
        files: command.files,
        ...event,
      };
    case 'set-votes':
      return { kind: 'votes-set', id: command.id, options: command.options, ...event };
    case 'toggle-vote':
      return {
        kind: 'vote-toggled',
        id: command.id,
        option: command.option,
        enabled: command.enabled,
        ...event,
      };
    case 'suggest-option':
      return {
        kind: 'option-suggested',
        id: command.id,
        text: command.suggestion,
        enabled: command.enabled,
        ...event,
      };
    case 'moderate-option': {
      const { id, option, state } = command;
      return { kind: 'option-moderated', id, option, state, ...event };
    }
    case 'close-poll':
    case 'reopen-poll':
    case 'reset-poll':
    case 'reveal-poll':
      return { kind: 'poll-changed', id: command.id, action: POLL_ACTS[command.type], ...event };
    case 'edit': {
      // Only the store knows whether the message has files, and so whether its text may be empty.
      const body = normalizeBody(command.message, true);
      assertKnownSlashCommand(body);
      return { kind: 'message-edited', id: command.id, body, ...event };
    }
    case 'react':
      return {
        kind: 'reaction-toggled',
        id: command.id,
        emoji: command.emoji,
        enabled: command.enabled,
        ...event,
      };
    case 'delete':
      return { kind: 'message-deleted', id: command.id, ...event };
    default:
      return { kind: 'room-action', action: await toRoomAction(command, find), ...event };
  }
}
