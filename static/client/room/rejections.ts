import { pollFormPath } from '../../../server/shared/poll-commands.ts';
import type { Commands } from '../connection/commands.ts';
import type { Entry, Outbox } from '../connection/outbox.ts';
import type { ServerError } from '../connection/post.ts';
import { needsPassword } from '../lib/password.ts';
import type { Notices } from './notices.ts';

/** Temporary errors: the outbox tries again. */
const TEMPORARY = new Set([
  'rate-limited',
  'overloaded',
  'unconfirmed',
  'server-behind',
  'log-unavailable',
  'shutting-down',
  'password-required',
  'server-password-required',
]);
/** Errors after which files have to be uploaded again. */
const FILES_LOST = new Set(['no-such-file', 'file-already-attached']);

interface RejectionsOptions {
  readonly room: string;
  readonly outbox: Outbox;
  readonly commands: Commands;
  readonly notices: Notices;
  /** Returns a rejected message to the user. */
  readonly restore: (entry: Entry, areFilesLost: boolean) => void;
  readonly closeConnection: () => void;
  /** Leaves for the form that asks for the password; false if something would be lost. */
  readonly leaveForPassword: () => boolean;
  /** A notice that says why a password is needed, with a link to that form. */
  readonly passwordNotice: (why: string) => HTMLElement;
  /** A notice that says what is wrong with a poll that was typed, with a link to the form for one. */
  readonly pollFormNotice: (why: string, form: string) => HTMLElement;
}

/** Handles what the server rejects: messages, commands, and the connection itself. */
export class Rejections {
  readonly #options: RejectionsOptions;

  constructor(options: RejectionsOptions) {
    this.#options = options;
  }

  /**
   * The message or command with this client id was rejected; a message that failed temporarily
   * stays pending.
   */
  handle(cid: string | undefined, why: string | HTMLElement, code = ''): void {
    const { outbox, commands, notices, restore } = this.#options;
    if (TEMPORARY.has(code) && outbox.retryLater(cid)) return;
    const message = typeof why === 'string' ? why : why.textContent;
    if (needsPassword(code)) {
      this.#askForPassword(message);
      return;
    }
    if (commands.reject(cid, { code, message })) return;
    const entry = outbox.acknowledge(cid);
    if (entry) restore(entry, FILES_LOST.has(code));
    const form = entry && pollFormPath(this.#options.room, entry.command.message, code);
    notices.show('result', form ? this.#options.pollFormNotice(message, form) : why);
  }

  /** The server denies the connection. */
  handleConnection({ code, message }: ServerError): void {
    if (needsPassword(code)) this.#askForPassword(message);
    else this.#options.notices.show('access', message);
  }

  /** The password restores access. Pending messages and the draft stay stored until then. */
  #askForPassword(why: string): void {
    const { closeConnection, leaveForPassword, passwordNotice, notices } = this.#options;
    closeConnection();
    if (!leaveForPassword()) notices.show('access', passwordNotice(why));
  }
}
