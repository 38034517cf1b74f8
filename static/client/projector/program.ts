import { formatStage, type Stage } from '../../../server/shared/stage.ts';

interface ProgramOptions {
  /** Shows it on this projector. */
  readonly show: (stage: Stage) => void;
  /**
   * Sends a command to the room, where the user controls its projectors. Resolves when that is
   * answered; does not reject.
   */
  readonly send: (command: object) => Promise<void> | undefined;
}

/**
 * What this projector shows: as its keys say, at once, and as the room says, which has what users
 * who control the projectors do with this one or with the remote.
 */
export class Program {
  readonly #options: ProgramOptions;
  #stage: Stage;
  /** What the room said last. */
  #received: Stage;
  /** Commands without an answer: what the room says meanwhile may be older than they are. */
  #waiting = 0;
  #isBehind = false;

  constructor(stage: Stage, options: ProgramOptions) {
    this.#stage = stage;
    this.#received = stage;
    this.#options = options;
  }

  get stage(): Stage {
    return this.#stage;
  }

  /** The room says what its projectors show. */
  follow(stage: Stage): void {
    // It says so again with whatever changes in the room: then a choice made here stays.
    if (formatStage(stage) === formatStage(this.#received)) return;
    this.#received = stage;
    if (this.#waiting > 0) this.#isBehind = true;
    else this.#show(stage);
  }

  /** The user changes something. @param command says so to the room */
  set(changes: Partial<Stage>, command: object): void {
    this.#show({ ...this.#stage, ...changes });
    const answered = this.#options.send(command);
    if (!answered) return;
    this.#waiting += 1;
    void answered.then(() => {
      this.#waiting -= 1;
      if (this.#waiting > 0 || !this.#isBehind) return;
      this.#isBehind = false;
      this.#show(this.#received);
    });
  }

  #show(stage: Stage): void {
    this.#stage = stage;
    this.#options.show(stage);
  }
}
