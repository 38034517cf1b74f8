import { ChatError } from '../core/errors.ts';
import { displayName } from '../shared/display-name.ts';
import { type Language, type MessageKey, t } from '../shared/i18n.ts';
import type { Command } from './command.ts';
import { sum } from './polls/poll.ts';
import { acceptsSuggestions, POLL_KINDS } from './polls/poll-kinds.ts';
import type { ChatRoom } from './rooms/chat-room.ts';

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
 * @throws ChatError where the poll or the option does not exist
 */
export async function confirmationOf(
  command: Command,
  room: ChatRoom,
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
      const { kind, voters, counts } = await pollOf(room, command.id);
      const count = POLL_KINDS[kind].isRepeatable ? sum(counts) : voters;
      const warning = acceptsSuggestions(kind) ? 'reset-answers-warning' : 'reset-poll-warning';
      return say('confirm-reset-poll', warning, 'reset-poll', { count });
    }
    case 'moderate-option': {
      if (command.state !== 'removed') return undefined;
      const { options, counts } = await pollOf(room, command.id);
      const text = options[command.option];
      if (text === undefined) throw new ChatError('no-such-option');
      const count = counts[command.option] ?? 0;
      return say('confirm-remove-option', 'remove-option-warning', 'mark-removed', { count });
    }
    case 'delete':
      return say('confirm-delete', 'delete-warning', 'delete');
    case 'clear-history': {
      const count = await room.history.countAfter(0, MAX_COUNTED + 1);
      const warning = count > MAX_COUNTED ? 'clear-long-history-warning' : 'clear-history-warning';
      const values = { count: Math.min(count, MAX_COUNTED) };
      return say('confirm-clear-history', warning, 'clear-history', values);
    }
    case 'ban': {
      const who = displayName(language, await room.findUser(command.uid));
      const { minutes } = command;
      const warning = minutes === null ? 'ban-permanently-warning' : 'ban-warning';
      return say('confirm-ban', warning, 'ban', { who, minutes: minutes ?? 0 });
    }
    case 'transfer-ownership': {
      const who = displayName(language, await room.findUser(command.uid));
      return say('confirm-transfer', 'transfer-warning', 'transfer-ownership', { who });
    }
    default:
      return undefined;
  }
}

async function pollOf(room: ChatRoom, id: number) {
  const poll = await room.polls.find(id);
  if (!poll) throw new ChatError('no-such-poll');
  return poll;
}
