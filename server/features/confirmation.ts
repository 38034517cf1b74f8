import { canModerate } from '../auth/permissions.ts';
import { isOwn, type User } from '../auth/user.ts';
import { ChatError } from '../core/errors.ts';
import { displayName } from '../shared/display-name.ts';
import { type Language, type MessageKey, t } from '../shared/i18n.ts';
import type { Command } from './command.ts';
import { sum } from './polls/poll.ts';
import { acceptsSuggestions, POLL_KINDS } from './polls/poll-kinds.ts';
import type { ChatRoom } from './rooms/chat-room.ts';
import type { RoomContext } from './rooms/room-context.ts';

/** Messages are counted up to this number. */
const MAX_COUNTED = 10_000;

/** What a page asks before it executes a command that destroys something. */
export interface Confirmation {
  readonly question: string;
  /** What will be lost. */
  readonly warning: string;
  /** The label of the button that executes it. */
  readonly action: string;
}

/**
 * What to ask before a command is executed for a form; `undefined` for a command that can be undone. A
 * program that sends one has decided: it is not asked.
 * @throws ChatError where the user may not do it, or what it would destroy does not exist
 */
export async function confirmationOf(
  command: Command,
  { room, user }: RoomContext<User | undefined>,
  language: Language,
): Promise<Confirmation | undefined> {
  const say = (
    question: MessageKey,
    warning: MessageKey,
    action: MessageKey,
    values: Readonly<Record<string, string | number>> = {},
  ) => ({
    question: t(language, question, values),
    warning: t(language, warning, values),
    action: t(language, action),
  });
  switch (command.type) {
    case 'reset-poll': {
      await assertOwn(command.id, room, user, 'no-such-poll');
      const { kind, voters, counts } = await pollOf(room, command.id);
      const count = POLL_KINDS[kind].isRepeatable ? sum(counts) : voters;
      const warning = acceptsSuggestions(kind) ? 'reset-answers-warning' : 'reset-poll-warning';
      return say('confirm-reset-poll', warning, 'reset-poll', { count });
    }
    case 'moderate-option': {
      if (command.state !== 'removed') return undefined;
      await assertOwn(command.id, room, user, 'no-such-poll');
      const { options, counts } = await pollOf(room, command.id);
      const text = options[command.option];
      if (text === undefined) throw new ChatError('no-such-option');
      const count = counts[command.option] ?? 0;
      return say('confirm-remove-option', 'remove-option-warning', 'mark-removed', { count });
    }
    case 'delete':
      await assertOwn(command.id, room, user, 'no-such-message');
      return say('confirm-delete', 'delete-warning', 'delete');
    case 'clear-history': {
      assertModerator(room, user);
      const count = await room.history.countAfter(0, MAX_COUNTED + 1);
      const warning = count > MAX_COUNTED ? 'clear-long-history-warning' : 'clear-history-warning';
      const values = { count: Math.min(count, MAX_COUNTED) };
      return say('confirm-clear-history', warning, 'clear-history', values);
    }
    case 'ban': {
      assertModerator(room, user);
      const who = displayName(language, await room.findUser(command.uid));
      const { minutes } = command;
      const warning = minutes === null ? 'ban-permanently-warning' : 'ban-warning';
      return say('confirm-ban', warning, 'ban', { who, minutes: minutes ?? 0 });
    }
    case 'transfer-ownership': {
      assertModerator(room, user);
      const who = displayName(language, await room.findUser(command.uid));
      return say('confirm-transfer', 'transfer-warning', 'transfer-ownership', { who });
    }
    default:
      return undefined;
  }
}

function assertModerator({ settings }: ChatRoom, user: User | undefined): void {
  if (!user || !canModerate(settings, user)) throw new ChatError('not-moderator');
}

/** Authors may do it to what is their own, and moderators to everything. */
async function assertOwn(
  id: number,
  room: ChatRoom,
  user: User | undefined,
  missing: 'no-such-message' | 'no-such-poll',
): Promise<void> {
  const message = await room.history.message(id);
  if (!message) throw new ChatError(missing);
  if (!user || !isOwn(user, message.uid)) assertModerator(room, user);
}

async function pollOf(room: ChatRoom, id: number) {
  const poll = await room.polls.find(id);
  if (!poll) throw new ChatError('no-such-poll');
  return poll;
}
