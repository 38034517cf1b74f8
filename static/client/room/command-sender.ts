import type { Commands } from '../connection/commands.ts';
import type { Entered } from '../lib/confirm.ts';
import { toast } from '../lib/toast.ts';

interface CommandSenderOptions {
  readonly commands: Commands;
  readonly isLive: () => boolean;
  /**
   * Asks before a command that destroys something, and returns what the user enters with it, or `false`.
   * Rejects if the server was not reached.
   */
  readonly confirm: (command: object) => Promise<Entered | false>;
  /** The command was rejected, for this reason. */
  readonly onRejected: (why: string) => void;
  /** It was not sent, or the connection was lost before the answer. */
  readonly onFailed: () => void;
}

/** `failed` means that the server was not reached, or did not answer. */
export type Outcome = 'executed' | 'failed' | { readonly rejected: string };

/** Sends commands that are not shown as pending: each is executed, rejected, or fails. */
export class CommandSender {
  readonly #options: CommandSenderOptions;

  constructor(options: CommandSenderOptions) {
    this.#options = options;
  }

  /** Resolves whether it was executed. */
  async send(command: object): Promise<boolean> {
    const outcome = await this.attempt(command);
    if (outcome === 'failed') this.#options.onFailed();
    else if (outcome !== 'executed') this.#options.onRejected(outcome.rejected);
    return outcome === 'executed';
  }

  /** Sends a command of a form, which shows what came of it. */
  async attempt(command: object): Promise<Outcome> {
    const { commands, isLive } = this.#options;
    try {
      if (isLive()) {
        const error = await commands.send(command, isStored(command));
        return error ? { rejected: error.message } : 'executed';
      }
    } catch {
      // It is not known whether it was executed.
    }
    return 'failed';
  }

  /** Sends a command that destroys something, if the user confirms that, and says when it is done. */
  async sendConfirmed(command: object, done?: string): Promise<boolean> {
    const { isLive, confirm, onFailed } = this.#options;
    try {
      if (isLive()) {
        const entered = await confirm(command);
        const isDone = entered !== false && (await this.send({ ...command, ...entered }));
        if (isDone && done) toast(done);
        return isDone;
      }
    } catch {
      // The server was not reached.
    }
    onFailed();
    return false;
  }
}

/** What is not stored would be done a second time. */
function isStored(command: object): boolean {
  return !('type' in command) || command.type !== 'send-reactions';
}
