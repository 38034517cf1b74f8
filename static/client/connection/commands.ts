import { newId } from './outbox.ts';
import type { ServerError } from './post.ts';

/** The server does not know what came of it: it can be asked again, under the same client id. */
const UNCONFIRMED = 'unconfirmed';
/** Commands that wait for their answers; more are refused. */
const MAX_WAITING = 100;

interface CommandsOptions {
  /** Sends a text over the connection. False if it is receive-only, or there is none. */
  readonly send: (text: string) => boolean;
  /** Sends a command by a request of its own. Rejects if the server was not reached. */
  readonly post: (command: object) => Promise<ServerError | undefined>;
}

interface Waiting {
  readonly command: object;
  readonly isRepeatable: boolean;
  readonly resolve: (refusal: ServerError | undefined) => void;
  readonly reject: (why: Error) => void;
}

/**
 * Commands sent to the room. Over the connection, each has a client id: the server's `ack` or
 * `error` with this id answers it. Over transports that only receive, a response does.
 */
export class Commands {
  readonly #options: CommandsOptions;
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the error if the command was rejected.
   * @param isRepeatable whether it is sent again if the connection is lost before the answer: what is
   * stored is done once for its client id
   * @throws if it is not known whether the server executed it
   */
  send(command: object, isRepeatable = false): Promise<ServerError | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size >= MAX_WAITING) reject(new Error('Too many commands are waiting.'));
      else this.#try(newId(), { command, isRepeatable, resolve, reject });
    });
  }

  /** The command with this client id was executed. */
  acknowledge(cid: string | undefined): boolean {
    return this.#answer(cid, undefined);
  }

  /** The command with this client id was rejected. */
  reject(cid: string | undefined, refusal: ServerError): boolean {
    const waiting = cid === undefined ? undefined : this.#waiting.get(cid);
    if (cid === undefined || !waiting || refusal.code !== UNCONFIRMED)
      return this.#answer(cid, refusal);
    this.#try(cid, waiting);
    return true;
  }

  /** The connection was lost: what can't be repeated has failed, as far as is known. */
  connectionLost(): void {
    for (const [cid, { isRepeatable, reject }] of this.#waiting) {
      if (isRepeatable) continue;
      this.#waiting.delete(cid);
      reject(new Error('The connection was lost before the answer.'));
    }
  }

  /** The connection is live again: what was not answered is sent again. */
  resume(): void {
    for (const [cid, waiting] of this.#waiting) this.#try(cid, waiting);
  }

  #try(cid: string, waiting: Waiting): void {
    const { command, resolve, reject } = waiting;
    if (this.#options.send(JSON.stringify({ ...command, cid }))) {
      this.#waiting.set(cid, waiting);
      return;
    }
    this.#waiting.delete(cid);
    this.#options.post({ ...command, cid }).then((refusal) => {
      if (refusal?.code === UNCONFIRMED) this.#try(cid, waiting);
      else resolve(refusal);
    }, reject);
  }

  #answer(cid: string | undefined, refusal: ServerError | undefined): boolean {
    const waiting = cid === undefined ? undefined : this.#waiting.get(cid);
    if (cid === undefined || !waiting) return false;
    this.#waiting.delete(cid);
    waiting.resolve(refusal);
    return true;
  }
}
