import { z } from 'zod';
import { cid } from '../client-id.ts';
import type { CommandEvents, FieldErrors } from '../command-events.ts';
import { files, id } from '../fields.ts';
import { parsePollCommand, toPreparedSpec } from '../polls/create-poll.ts';
import type { PollCreated } from '../polls/events.ts';
import type { MessageEvent } from './events.ts';
import { assertKnownSlashCommand } from './known-slash-commands.ts';
import { normalizeBody } from './message-text.ts';

/** Tornado's `{"uid", "message"}` and ours. The server knows the user, so `uid` is ignored. */
export const postMessage = z
  .object({
    message: z.string(),
    cid: cid.nullish(),
    /** The message it replies to; a form sends an empty string for none. */
    reply: z.preprocess((text) => (text === '' ? null : text), id.nullish()),
    files,
  })
  .transform(({ cid, reply, ...message }) => ({
    type: 'post-message' as const,
    ...message,
    cid: cid ?? null,
    reply: reply ?? null,
  }));

export type PostMessage = z.infer<typeof postMessage>;

export const postErrors: FieldErrors = {
  cid: 'invalid-cid',
  reply: 'no-such-message',
  files: 'invalid-files',
};

export const messageCommands = [
  z.object({ type: z.literal('edit'), id, message: z.string() }),
  z.object({ type: z.literal('delete'), id }),
] as const;

export const messageErrors: FieldErrors = { message: 'missing-message' };

type MessageCommand = PostMessage | z.infer<(typeof messageCommands)[number]>;

export const messageCommandEvents: CommandEvents<MessageCommand, MessageEvent | PollCreated> = {
  'post-message'({ message, cid, reply, files }) {
    const body = normalizeBody(message, files.length > 0);
    const poll = parsePollCommand(body);
    if (poll) return { kind: 'poll-created', cid, poll: toPreparedSpec(poll), files };
    assertKnownSlashCommand(body);
    return { kind: 'message-posted', cid, body, reply, files };
  },
  edit({ id, message }) {
    // Only the store knows whether the message has files, and so whether its text may be empty.
    const body = normalizeBody(message, true);
    assertKnownSlashCommand(body);
    return { kind: 'message-edited', id, body };
  },
  delete: ({ id }) => ({ kind: 'message-deleted', id }),
};
