import type { Commands } from '../connection/commands.ts';
import type { GuestIdentity } from '../connection/guest-identity.ts';
import type { Entry, Outbox } from '../connection/outbox.ts';
import { t } from '../lib/messages.ts';
import { Attachments } from './attachments.ts';
import { Autocomplete } from './autocomplete.ts';
import type { CommandSender } from './command-sender.ts';
import { ComposeMode } from './compose-mode.ts';
import { Composer } from './composer.ts';
import { Draft } from './drafts.ts';
import { EditQueue } from './edit-queue.ts';
import { FileDraft } from './file-draft.ts';
import { initHelp } from './help.ts';
import type { Mentionable } from './mentionable.ts';
import { MessageSender } from './message-sender.ts';
import { initPollSheet } from './new-poll/poll-sheet.ts';
import type { Notices } from './notices.ts';
import type { RoomRequests } from './room-requests.ts';
import type { Timeline } from './timeline.ts';
import { upload } from './upload.ts';

interface Options {
  readonly room: string;
  readonly guest: GuestIdentity;
  readonly timeline: Timeline;
  readonly outbox: Outbox;
  readonly commands: Commands;
  readonly commandSender: CommandSender;
  readonly requests: RoomRequests;
  readonly notices: Notices;
  readonly isLive: () => boolean;
  /** Who may be mentioned. */
  readonly people: () => Promise<readonly Mentionable[]>;
  readonly onPosted: () => void;
}

/** What the user writes: new messages with their files, replies, edits and polls. */
export function createComposerParts(options: Options) {
  const { room, guest, timeline, outbox, commands, commandSender, requests, notices } = options;
  const { isLive, onPosted } = options;
  const attachments = new Attachments({
    upload: (file, onProgress, signal) => upload({ room, guest, file, onProgress, signal }),
    draft: new FileDraft(room, guest),
    notice: (text) => notices.show('result', text),
  });
  const composer = new Composer(
    new Draft(room),
    (message) => messageSender.send(message),
    () => !attachments.isEmpty,
  );
  const edits = new EditQueue({
    send: (command) => commands.send(command),
    isLive,
    onPending: () => notices.show('connection', t('edit-pending')),
    onRejected(text, why) {
      composer.restore(text);
      notices.show('result', why);
    },
  });
  const composeMode = new ComposeMode({
    room,
    find: (id) => timeline.find(id),
    isGone: (id) => timeline.isGone(id),
    source,
    save: (id, text) => edits.save(id, text),
  });
  const messageSender = new MessageSender({
    ...{ outbox, composer, composeMode, attachments, notices, onPosted },
  });
  new Autocomplete(options.people);
  initHelp();
  initPollSheet({
    room,
    fetchPage: (address) => requests.page(address),
    send: (command) => commandSender.attempt(command),
    sendConfirmed: (command) => commandSender.sendConfirmed(command),
    async upload(file, onProgress) {
      const { signal } = new AbortController();
      const { id } = await upload({ room, guest, file, onProgress, signal });
      return id;
    },
    onTyped: (text) => composer.discard(text),
  });

  /** The source text of a message; nothing, and a notice why, if it cannot be loaded. */
  async function source(id: number): Promise<string | undefined> {
    try {
      const { body, error } = await requests.source(id);
      if (error) notices.show('result', error.message);
      return body;
    } catch {
      notices.show('connection', t('server-unreachable'));
      return undefined;
    }
  }

  /** Messages that will not be sent: their texts are back in the field. */
  function restoreReleased(entries: readonly Entry[]): void {
    for (const { command, files = [] } of entries) {
      composer.restore(command.message);
      // Another user uploaded them.
      attachments.restoreSent(files, t('file-expired'));
    }
    notices.show('result', t(guest.isDuplicateTab ? 'duplicate-tab' : 'identity-changed'));
  }

  return { attachments, composer, edits, composeMode, messageSender, restoreReleased };
}

export type ComposerParts = ReturnType<typeof createComposerParts>;
