import type { Entry, Outbox } from '../connection/outbox.ts';
import { t } from '../lib/messages.ts';
import type { Attachments } from './attachments.ts';
import type { ComposeMode } from './compose-mode.ts';
import type { Composer } from './composer.ts';
import { showHelpIfAsked } from './help.ts';
import type { Notices } from './notices.ts';

interface MessageSenderOptions {
  readonly outbox: Outbox;
  readonly composer: Composer;
  readonly composeMode: ComposeMode;
  readonly attachments: Attachments;
  readonly notices: Notices;
  /** A message was accepted by the outbox. */
  readonly onPosted: () => void;
}

/** Sends what the message field has, as a message, and returns there what was not posted. */
export class MessageSender {
  readonly #options: MessageSenderOptions;

  constructor(options: MessageSenderOptions) {
    this.#options = options;
  }

  /** @returns false if the text stays in the field */
  send(message: string): boolean {
    const { outbox, composeMode, attachments, notices, onPosted } = this.#options;
    if (showHelpIfAsked(message)) return true;
    const files = attachments.consume();
    if (!files) return false;
    notices.onAttempt();
    if (!outbox.enqueue({ message, reply: composeMode.consumeReply() }, files)) {
      notices.show('result', t('outbox-full'));
      attachments.restoreSent(files);
      return false;
    }
    onPosted();
    return true;
  }

  /** Restores a message, its files and what it replies to. */
  restore({ command, files = [] }: Entry, areFilesLost = false): void {
    const { composer, composeMode, attachments } = this.#options;
    composer.restore(command.message);
    attachments.restoreSent(files, areFilesLost ? t('file-expired') : undefined);
    const answered = document.getElementById(`m-${command.reply}`);
    if (answered && !composeMode.isEditing) composeMode.reply(answered);
  }
}
