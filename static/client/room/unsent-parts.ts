import type { Commands } from '../connection/commands.ts';
import type { Connection } from '../connection/connection.ts';
import type { Outbox } from '../connection/outbox.ts';
import { passwordNotice, showPasswordForm } from '../lib/password.ts';
import type { ComposerParts } from './composer-parts.ts';
import { LeaveGuard } from './leave-guard.ts';
import { pollFormNotice } from './new-poll/poll-form-notice.ts';
import { isWritingPoll } from './new-poll/poll-sheet.ts';
import type { Notices } from './notices.ts';
import { Pending } from './pending.ts';
import { Rejections } from './rejections.ts';

interface Options {
  readonly room: string;
  readonly outbox: Outbox;
  readonly commands: Commands;
  readonly notices: Notices;
  readonly composerParts: ComposerParts;
  readonly connection: () => Connection;
  /** The user's own uid and name, if any. */
  readonly who: () => { readonly uid: string; readonly name: string | undefined };
  /** The height of what is pending has changed. */
  readonly onResize: () => void;
}

/** What is not posted: messages that are pending or were rejected, and what leaving the page would lose. */
export function createUnsentParts(options: Options) {
  const { room, outbox, commands, notices, composerParts, connection, who, onResize } = options;
  const { attachments, composeMode, messageSender } = composerParts;
  const isLive = () => connection().isLive;
  const pending = new Pending({
    ...{ isLive, who, onResize },
    cancel(cid) {
      const entry = outbox.acknowledge(cid);
      if (entry) messageSender.restore(entry);
    },
    retry: () => (isLive() ? outbox.resume() : connection().open()),
  });
  // Data in this tab alone would be lost: the user confirms closing it.
  const leaveGuard = new LeaveGuard(() => {
    const isUnsent = outbox.entries.length > 0 && !isLive();
    return isUnsent || attachments.isUnsaved || composeMode.isChanged || isWritingPoll();
  });
  const rejections = new Rejections({
    ...{ room, outbox, commands, notices, passwordNotice, pollFormNotice },
    restore: (entry, areFilesLost) => messageSender.restore(entry, areFilesLost),
    closeConnection: () => connection().close(),
    leaveForPassword() {
      if (!attachments.isEmpty || composeMode.isEditing) return false;
      leaveGuard.allow();
      showPasswordForm();
      return true;
    },
  });
  return { pending, rejections };
}
