import { fold } from '../../../server/shared/fold.ts';

/** How long the list of the server is used. */
const FRESH_MS = 60_000;

/** A user who can be mentioned. */
export interface Mentionable {
  readonly name: string;
  /** Whether they wrote in the room, and are not here now. */
  readonly isAway: boolean;
}

interface MentionableUsersOptions {
  /** The names of the others who are online. */
  readonly online: () => readonly string[];
  /** The name of the user, whom they need not mention. */
  readonly ownName: () => string | undefined;
  /** The names of all who wrote in the room. Rejects if the server was not reached. */
  readonly fetch: () => Promise<readonly string[]>;
}

/** Whom a message can mention: who is online, and everybody else who ever wrote in the room. */
export class MentionableUsers {
  readonly #options: MentionableUsersOptions;
  #writers: Promise<readonly string[]> | undefined;
  #fetchedAt = 0;

  constructor(options: MentionableUsersOptions) {
    this.#options = options;
  }

  async all(): Promise<readonly Mentionable[]> {
    const writers = await this.#fetch();
    const online = this.#options.online();
    const here = new Set([...online, this.#options.ownName() ?? ''].map(fold));
    const away = writers.filter((name) => !here.has(fold(name)));
    return [
      ...online.map((name) => ({ name, isAway: false })),
      ...away.map((name) => ({ name, isAway: true })),
    ];
  }

  /** Without the server, only who is online is known. */
  #fetch(): Promise<readonly string[]> {
    const now = performance.now();
    if (!this.#writers || now - this.#fetchedAt > FRESH_MS) {
      this.#fetchedAt = now;
      this.#writers = this.#options.fetch().catch(() => []);
    }
    return this.#writers;
  }
}
