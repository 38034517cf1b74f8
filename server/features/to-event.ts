import type { User } from '../auth/user.ts';
import { type Command, normalizeBody } from './command.ts';
import type { RoomEvent } from './events.ts';
import { assertKnownSlashCommand } from './messages/known-slash-commands.ts';
import { type ResolveUser, toRoomAction } from './moderation/room-action.ts';
import { parsePollCommand, toPollSpec } from './polls/create-poll.ts';

const POLL_ACTS = {
  'close-poll': 'closed',
  'open-poll': 'opened',
  'reset-poll': 'reset',
  'reveal-poll': 'revealed',
} as const;

/**
 * Turns a command into the event to append.
 * @param find finds a user, with their address and browsers if they are online
 * @throws ChatError if the text of a message is invalid
 */
export async function toEvent(
  command: Exclude<Command, { readonly do: 'here' | 'typing' }>,
  room: string,
  who: User,
  find: ResolveUser,
): Promise<RoomEvent> {
  const at = Date.now();
  const event = { room, who, at };
  switch (command.do) {
    case 'say': {
      const { cid, reply, files } = command;
      const body = normalizeBody(command.message, files.length > 0);
      const asked = parsePollCommand(body);
      if (asked) return { kind: 'asked', cid, poll: toPollSpec(asked, at), files, ...event };
      assertKnownSlashCommand(body);
      return { kind: 'posted', cid, body, reply, files, ...event };
    }
    case 'ask':
      return {
        kind: 'asked',
        cid: null,
        poll: toPollSpec(command, at),
        files: command.files,
        ...event,
      };
    case 'vote':
      return { kind: 'voted', id: command.id, options: command.option, ...event };
    case 'choose':
      return { kind: 'chose', id: command.id, option: command.option, on: command.on, ...event };
    case 'suggest':
      return {
        kind: 'suggested',
        id: command.id,
        text: command.suggestion,
        on: command.on,
        ...event,
      };
    case 'mark': {
      const { id, option, as } = command;
      return { kind: 'option-marked', id, option, as, ...event };
    }
    case 'close-poll':
    case 'open-poll':
    case 'reset-poll':
    case 'reveal-poll':
      return { kind: 'poll-acted', id: command.id, act: POLL_ACTS[command.do], ...event };
    case 'edit': {
      // Only the store knows whether the message has files, and so whether its text may be empty.
      const body = normalizeBody(command.message, true);
      assertKnownSlashCommand(body);
      return { kind: 'edited', id: command.id, body, ...event };
    }
    case 'react':
      return {
        kind: 'reacted',
        id: command.id,
        emoji: command.emoji,
        on: command.on,
        ...event,
      };
    case 'delete':
      return { kind: 'deleted', id: command.id, ...event };
    default:
      return { kind: 'acted', act: await toRoomAction(command, find), ...event };
  }
}
