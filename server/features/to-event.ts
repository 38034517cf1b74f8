import { actorOf, type User } from '../auth/user.ts';
import type { Undated } from '../core/log.ts';
import type { Command } from './command.ts';
import type { CommandContext, CommandEvents } from './command-events.ts';
import type { RoomEventBase } from './event.ts';
import type { RoomEvent } from './events.ts';
import type { MembershipCommand } from './memberships/commands.ts';
import { messageCommandEvents } from './messages/commands.ts';
import { moderationCommandEvents } from './moderation/commands.ts';
import type { ResolveUser } from './moderation/resolve-user.ts';
import { pollCommandEvents } from './polls/commands.ts';
import { stageCommandEvents } from './projector/commands.ts';
import { type LiveReactionCommand, reactionCommandEvents } from './reactions/commands.ts';
import { reportCommandEvents } from './reports/commands.ts';
import { retentionCommandEvents } from './retention/commands.ts';
import { type PresenceCommand, settingsCommandEvents } from './rooms/commands.ts';

type LoggedCommand = Exclude<Command, PresenceCommand | LiveReactionCommand | MembershipCommand>;

const EVENTS: CommandEvents<LoggedCommand, RoomEvent> = {
  ...messageCommandEvents,
  ...reactionCommandEvents,
  ...pollCommandEvents,
  ...stageCommandEvents,
  ...settingsCommandEvents,
  ...retentionCommandEvents,
  ...moderationCommandEvents,
  ...reportCommandEvents,
};

/**
 * Turns a command into the event to append.
 * @param find finds a user, with their address and browsers if they are online
 * @throws ChatError if the text of a message is invalid
 */
export async function toEvent(
  command: LoggedCommand,
  room: string,
  who: User,
  find: ResolveUser,
): Promise<Undated<RoomEvent>> {
  // A function is that of the command's type, which the type of the table ensures.
  const contentOf = EVENTS[command.type] as (
    command: LoggedCommand,
    context: CommandContext,
  ) => Promise<Undated<Extract<RoomEvent, RoomEventBase>>>;
  const event = { ...(await contentOf(command, { find })), room, who: actorOf(who) };
  if (command.type === 'post-message' || !command.cid) return event;
  return { ...event, commandId: command.cid };
}
