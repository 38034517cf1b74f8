import { z } from 'zod';
import { ChatError } from '../core/errors.ts';
import { clientIdOf } from './client-id.ts';
import type { FieldErrors } from './command-events.ts';
import { membershipCommands, membershipErrors } from './memberships/commands.ts';
import {
  messageCommands,
  messageErrors,
  type PostMessage,
  postErrors,
  postMessage,
} from './messages/commands.ts';
import { moderationCommands } from './moderation/commands.ts';
import { pollCommands, pollErrors } from './polls/commands.ts';
import { wrongOf } from './polls/create-poll.ts';
import { stageCommands, stageErrors } from './projector/commands.ts';
import { liveReactionCommands, reactionCommands, reactionErrors } from './reactions/commands.ts';
import { reportCommands, reportErrors } from './reports/commands.ts';
import { retentionCommands } from './retention/commands.ts';
import { presenceCommands, settingsCommands, settingsErrors } from './rooms/commands.ts';

/** All commands except posting a message. */
const otherCommand = z.discriminatedUnion('type', [
  ...presenceCommands,
  ...membershipCommands,
  ...messageCommands,
  ...reactionCommands,
  ...liveReactionCommands,
  ...pollCommands,
  ...stageCommands,
  ...settingsCommands,
  ...retentionCommands,
  ...moderationCommands,
  ...reportCommands,
]);

const ERROR_BY_FIELD: FieldErrors = {
  ...messageErrors,
  ...reactionErrors,
  ...pollErrors,
  ...stageErrors,
  ...settingsErrors,
  ...membershipErrors,
  ...reportErrors,
};

/** A command of a client. */
export type Command =
  | PostMessage
  | (z.infer<typeof otherCommand> & { readonly cid?: string | null });

/**
 * Parses a command.
 * @throws ChatError if it is invalid
 */
export function parseCommand(value: unknown): Command {
  const isOther = typeof value === 'object' && value !== null && 'type' in value;
  const { data, error } = isOther ? otherCommand.safeParse(value) : postMessage.safeParse(value);
  if (data) {
    const cid = isOther ? clientIdOf(value) : null;
    return cid === null ? data : { ...data, cid };
  }
  const wrong = String(error.issues[0]?.path[0]);
  const isPoll = isOther && (value.type === 'create-poll' || value.type === 'prepare-poll');
  if (isPoll && (wrong === 'options' || wrong === 'files')) throw new ChatError(wrongOf(error));
  throw new ChatError(
    isOther
      ? (ERROR_BY_FIELD[wrong] ?? 'unknown-action')
      : (postErrors[wrong] ?? 'missing-message'),
  );
}
