import type { Commands } from '../connection/commands.ts';

/** Commands that have the same effect when they are sent again. */
const REPEATABLE = new Set(['toggle-vote', 'suggest-option', 'delete', 'pin', 'unpin']);

interface CommandSenderOptions {
  readonly commands: Commands;
  readonly isLive: () => boolean;
  /** The command was rejected, for this reason. */
  readonly onRejected: (why: string) => void;
  /** It was not sent, or the connection was lost before the answer. */
  readonly onFailed: () => void;
}

/** Sends commands that are not shown as pending: each is executed, rejected, or fails. */
export class CommandSender {
  readonly #options: CommandSenderOptions;

  constructor(options: CommandSenderOptions) {
    this.#options = options;
  }

  send(command: object, isRepeatable = isIdempotent(command)): void {
    const { commands, isLive, onRejected, onFailed } = this.#options;
    if (!isLive()) onFailed();
    else {
      commands
        .send(command, isRepeatable)
        .then((error) => error && onRejected(error.message), onFailed);
    }
  }
}

function isIdempotent(command: object): boolean {
  return 'type' in command && REPEATABLE.has(String(command.type));
}
