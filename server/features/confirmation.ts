import { canDelete, canManagePoll, canModerate } from '../auth/permissions.ts';
import { authorFor, type User } from '../auth/user.ts';
import { ChatError } from '../core/errors.ts';
import type { Message } from '../core/message.ts';
import { displayName } from '../shared/display-name.ts';
import { type Language, type MessageKey, t } from '../shared/i18n.ts';
import type { Command } from './command.ts';
import { type Poll, parsePoll, sum } from './polls/poll.ts';
import { acceptsSuggestions, POLL_KINDS } from './polls/poll-kinds.ts';
import type { RoomContext } from './rooms/room-context.ts';

/** Messages are counted up to this number. */
const MAX_COUNTED = 10_000;

type Entered = RoomContext<User | undefined>;

/** Destructive commands with a form on the page of the room's settings. */
const SETTINGS_COMMANDS: ReadonlySet<Command['type']> = new Set([
  'clear-history',
  'delete-room',
  'set-keep-days',
  'ban',
  'transfer-ownership',
]);

/** What a page asks before it executes a command that destroys something, or can't be taken back. */
interface Confirmation {
  readonly question: string;
  /** What will be lost. */
  readonly warning: string;
  /** The label of the button that executes it. */
  readonly action: string;
  /** The field of a text that may be given with it. */
  readonly asksFor?: 'reason';
  /** Whether its form is on the page of the room's settings. */
  readonly isOfSettings: boolean;
}

/**
 * What to ask before a command is executed for a form; `undefined` for a command that can be undone. A
 * program that sends one has decided: it is not asked.
 * @throws ChatError where the user may not do it, or what it would destroy does not exist
 */
export async function confirmationOf(
  command: Command,
  entered: Entered,
  language: Language,
): Promise<Confirmation | undefined> {
  const { room } = entered;
  const say = (
    question: MessageKey,
    warning: MessageKey,
    action: MessageKey,
    values: Readonly<Record<string, string | number>> = {},
  ) => ({
    question: t(language, question, values),
    warning: t(language, warning, values),
    action: t(language, action),
    isOfSettings: SETTINGS_COMMANDS.has(command.type),
  });
  switch (command.type) {
    case 'reset-poll': {
      const { kind, voters, counts } = await pollFor(command.id, entered);
      const count = POLL_KINDS[kind].isRepeatable ? sum(counts) : voters;
      const warning = acceptsSuggestions(kind) ? 'reset-answers-warning' : 'reset-poll-warning';
      return say('confirm-reset-poll', warning, 'reset-poll', { count });
    }
    case 'remove-prepared-poll': {
      const { id } = command;
      const prepared = (await room.polls.prepared(room.settings, entered.user)).find(
        (poll) => poll.id === id,
      );
      if (!prepared) throw new ChatError('no-such-poll');
      const { question } = prepared;
      return say('confirm-remove-prepared-poll', 'remove-prepared-poll-warning', 'delete', {
        question,
      });
    }
    case 'moderate-option': {
      if (command.state !== 'removed') return undefined;
      const { options, counts, states } = await pollFor(command.id, entered);
      // Nobody has seen it.
      if (states[command.option] === 'held') return undefined;
      const text = options[command.option];
      if (text === undefined) throw new ChatError('no-such-option');
      const count = counts[command.option] ?? 0;
      return say('confirm-remove-option', 'remove-option-warning', 'mark-removed', { count });
    }
    case 'delete':
      await assertDeletable(command.id, entered);
      return say('confirm-delete', 'delete-warning', 'delete');
    case 'report': {
      const message = await room.history.message(command.id);
      if (!message || message.kind === 'system') throw new ChatError('no-such-message');
      return { ...say('confirm-report', 'report-warning', 'send-report'), asksFor: 'reason' };
    }
    case 'clear-history': {
      assertModerator(entered);
      const { count } = await room.history.countAfter(0, '', MAX_COUNTED + 1);
      const warning = count > MAX_COUNTED ? 'clear-long-history-warning' : 'clear-history-warning';
      const values = { count: Math.min(count, MAX_COUNTED) };
      return say('confirm-clear-history', warning, 'clear-history', values);
    }
    case 'delete-room':
      assertModerator(entered);
      return say('confirm-delete-room', 'delete-room-warning', 'delete-room');
    case 'set-keep-days': {
      assertModerator(entered);
      const { days } = command;
      const { keepDays } = room.settings;
      // What is kept as long as before, or longer, loses nothing.
      if (days === 0 || (keepDays !== null && days >= keepDays)) return undefined;
      return say('confirm-keep-days', 'keep-days-warning', 'save', { count: days });
    }
    case 'ban': {
      assertModerator(entered);
      const who = displayName(language, await room.findUser(command.uid));
      const { minutes } = command;
      const warning = minutes === null ? 'ban-permanently-warning' : 'ban-warning';
      return say('confirm-ban', warning, 'ban', { who, minutes: minutes ?? 0 });
    }
    case 'transfer-ownership': {
      assertModerator(entered);
      const who = displayName(language, await room.findUser(command.uid));
      return say('confirm-transfer', 'transfer-warning', 'transfer-ownership', { who });
    }
    default:
      return undefined;
  }
}

function assertModerator({ room, user }: Entered): void {
  if (!user || !canModerate(room.settings, user)) throw new ChatError('not-moderator');
}

async function assertDeletable(id: number, entered: Entered): Promise<void> {
  const message = await entered.room.history.message(id);
  if (!message) throw new ChatError('no-such-message');
  assertAllowed(canDelete, message, entered);
}

/** A poll, for a user who may manage it. */
async function pollFor(id: number, entered: Entered): Promise<Poll> {
  const message = await entered.room.history.message(id);
  if (message?.kind !== 'poll') throw new ChatError('no-such-poll');
  assertAllowed(canManagePoll, message, entered);
  return parsePoll(message.body);
}

function assertAllowed(
  isAllowed: typeof canDelete | typeof canManagePoll,
  { uid }: Message,
  { room, user }: Entered,
): void {
  if (!user || !isAllowed(room.settings, user, authorFor(user, uid)))
    throw new ChatError('not-moderator');
}
