import { z } from 'zod';
import { hashRoomPassword, MAX_ROOM_PASSWORD } from '../../auth/room-password.ts';
import { ChatError } from '../../core/errors.ts';
import { maxUnits } from '../../shared/length.ts';
import type { CommandEvents, FieldErrors } from '../command-events.ts';
import { flag, line, text } from '../fields.ts';
import { type RoomActed, roomAction } from '../moderation/events.ts';
import { roomTitle } from './room-title.ts';

/** In UTF-16 code units. */
const MAX_TOPIC = 200;

const topic = line(maxUnits(MAX_TOPIC)).pipe(z.string().max(MAX_TOPIC));
const password = text(MAX_ROOM_PASSWORD, 'NFKC');

const kind = z.enum(['chat', 'class']);

/** Reports of presence, which the log does not have. */
export const presenceCommands = [
  z.object({ type: z.literal('presence'), isAway: flag.default(false) }),
  z.object({ type: z.literal('typing') }),
] as const;

export type PresenceCommand = z.infer<(typeof presenceCommands)[number]>;

/** What the owner and moderators can set. */
export const settingsCommands = [
  z.object({ type: z.literal('set-title'), title: roomTitle }),
  z.object({ type: z.literal('set-topic'), text: topic }),
  z.object({ type: z.literal('set-kind'), kind }),
  z.object({ type: z.literal('set-listed'), enabled: flag.default(false) }),
  z.object({ type: z.literal('set-password'), password }),
] as const;

export const settingsErrors: FieldErrors = {
  title: 'invalid-title',
  text: 'invalid-topic',
  password: 'invalid-password',
};

type SettingsCommand = z.infer<(typeof settingsCommands)[number]>;

export const settingsCommandEvents: CommandEvents<SettingsCommand, RoomActed> = {
  'set-title': ({ title }) => roomAction({ type: 'title-changed', text: title }),
  'set-topic': ({ text }) => roomAction({ type: 'topic-changed', text }),
  'set-kind': ({ kind }) => roomAction({ type: 'kind-changed', kind }),
  'set-listed': ({ enabled }) => roomAction({ type: 'listing-changed', enabled }),
  'set-password': ({ password }) =>
    roomAction({ type: 'password-changed', passwordHash: hashRoomPassword(password) }),
};

const createRoom = z.object({
  title: roomTitle,
  topic: topic.default(''),
  kind: kind.default('chat'),
  password: password.default(''),
  listed: flag.default(false),
});

const createRoomErrors: FieldErrors = { ...settingsErrors, topic: 'invalid-topic' };

/** Parses the settings of a new room. @throws ChatError with the field that is wrong */
export function parseCreateRoom(value: unknown): z.infer<typeof createRoom> {
  const { success, data, error } = createRoom.safeParse(value);
  if (success) return data;
  throw new ChatError(createRoomErrors[String(error.issues[0]?.path[0])] ?? 'bad-request');
}
