import { readSession, writeSession } from '../lib/storage.ts';
import type { UploadedFile } from '../room/upload.ts';
import { backoffMs } from './connection.ts';

/** What is to be said, as the server takes it. */
export interface Command {
  readonly message: string;
  /** The message that it answers. */
  readonly reply?: number | undefined;
  /** The ids of the files it carries. */
  readonly files?: readonly string[] | undefined;
}

/** Something that was written and has not come back yet. */
export interface Entry {
  /** The id under which it is said: the server takes each once of the same visitor. */
  readonly cid: string;
  readonly command: Command;
  /** The files it carries, as they are shown until it comes back. */
  readonly files?: readonly UploadedFile[] | undefined;
  /** When it was written. */
  readonly at: number;
  /** Whether it has been on its way, and may have arrived. */
  wasSent: boolean;
  /** As whom it was sent; empty where that was not known. */
  by: string;
}

/** What came of a message that was posted: the server has it, does not take it, or was not reached. */
export type Posted = 'said' | 'refused' | 'unreached';

export interface OutboxOptions {
  readonly room: string;
  readonly isLive: () => boolean;
  /** Who one is to the server. */
  readonly uid: () => string;
  /** Says a message over the line. False: the line goes in one direction only. */
  readonly send: (text: string) => boolean;
  /** Says a message by a request of its own, until it is given up. */
  readonly post: (entry: Entry, signal: AbortSignal) => Promise<Posted>;
  /** What was sent has not come back for some seconds, over a line that is said to be live. */
  readonly onUnanswered: () => void;
  readonly onChange: (entries: readonly Entry[]) => void;
  /** These were sent by whom one is not any more: they might be said twice. */
  readonly onStranded: (entries: readonly Entry[]) => void;
}

/** What waits at most, in messages and in characters of all that is kept for them. */
const MAX_ENTRIES = 100;
const MAX_CHARACTERS = 200_000;

/** A server that is slow is not to be asked by another way by everybody, again and again. */
const MIN_ACK_TIMEOUT_MS = 5_000;
const MAX_ACK_TIMEOUT_MS = 40_000;

/** How long an answer may take, after so many that took too long. */
export function ackTimeoutMs(unanswered: number): number {
  return Math.min(MAX_ACK_TIMEOUT_MS, MIN_ACK_TIMEOUT_MS * 2 ** unanswered);
}

/**
 * What was written and has not come back yet: each waits until the one before is answered, so that
 * they come in order whatever happens, and is said again on each new line until it is settled. It is
 * kept for this tab, as is who one is: another tab would be another visitor, and say it a second time.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #key: string;
  #entries: readonly Entry[];
  /** The one that is on its way. */
  #current: Entry | undefined;
  /** Gives up the request that brings it. */
  #posting: AbortController | undefined;
  /** Those the server has taken by a request, which come back by the line. */
  readonly #said = new Set<Entry>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ackTimeout: ReturnType<typeof setTimeout> | undefined;
  #unanswered = 0;
  #failures = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#key = `outbox.${options.room}`;
    this.#entries = readSession<Entry[]>(this.#key, []);
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** @returns false where no more can wait */
  enqueue(said: Command, files: readonly UploadedFile[] = []): boolean {
    const command = files.length > 0 ? { ...said, files: files.map(({ id }) => id) } : said;
    const entry = { cid: newId(), command, files, at: Date.now(), wasSent: false, by: '' };
    const entries = [...this.#entries, entry];
    if (entries.length > MAX_ENTRIES || JSON.stringify(entries).length > MAX_CHARACTERS)
      return false;
    this.#update(entries);
    this.#next();
    return true;
  }

  /** The line is new, and has brought all that was missed: what is not settled is said once more. */
  resume(): void {
    const uid = this.#options.uid();
    // A request that is lost in a silent network would hold one of the browser's six connections.
    this.#posting?.abort();
    // What was taken and has not come back by now is further back than what the page holds.
    this.#update(this.#entries.filter((entry) => !this.#said.has(entry)));
    this.#said.clear();
    this.release(this.#entries.filter(({ wasSent, by }) => wasSent && by !== '' && by !== uid));
    this.#again();
  }

  /** Lets go of what must not be said from here. */
  release(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    this.#update(this.#entries.filter((entry) => !entries.includes(entry)));
    this.#options.onStranded(entries);
  }

  /** It came back, was refused or is withdrawn: gives it, if it was one of ours. */
  acknowledge(cid: string | undefined): Entry | undefined {
    const entry = this.#entries.find((one) => one.cid === cid);
    if (!entry) return undefined;
    this.#update(this.#entries.filter((one) => one !== entry));
    this.#said.delete(entry);
    this.#failures = 0;
    this.#unanswered = 0;
    if (this.#current === entry) this.#again();
    else this.#watch();
    return entry;
  }

  /** The server does not take it just now: it stays the next. @returns false where it is none of ours */
  retryLater(cid: string | undefined): boolean {
    const entry = this.#entries.find((one) => one.cid === cid);
    if (entry && this.#current === entry) {
      this.#unanswered = 0;
      this.#later();
      clearTimeout(this.#ackTimeout);
    }
    return entry !== undefined;
  }

  /** While something that was sent has not come back: how long that takes is watched. */
  #watch(): void {
    clearTimeout(this.#ackTimeout);
    if (!this.#current && this.#said.size === 0) return;
    this.#ackTimeout = setTimeout(() => {
      this.#unanswered += 1;
      this.#options.onUnanswered();
    }, ackTimeoutMs(this.#unanswered));
  }

  #again(): void {
    clearTimeout(this.#timer);
    this.#posting = undefined;
    this.#current = undefined;
    this.#next();
    this.#watch();
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.#again(), backoffMs(this.#failures, Math.random()));
  }

  #next(): void {
    const { isLive, uid, send } = this.#options;
    const next = this.#entries.find((entry) => !this.#said.has(entry));
    if (!next || this.#current || !isLive()) return;
    this.#current = next;
    next.wasSent = true;
    next.by = uid();
    this.#update(this.#entries);
    this.#watch();
    const { cid, command } = next;
    if (!send(JSON.stringify({ cid, ...command }))) void this.#post(next);
  }

  async #post(entry: Entry): Promise<void> {
    const posting = new AbortController();
    this.#posting = posting;
    const posted = await this.#options.post(entry, posting.signal);
    if (this.#posting !== posting) return;
    if (posted === 'unreached') {
      this.#later();
    } else if (posted === 'said') {
      // A tab that had no token is known by the answer.
      entry.by = this.#options.uid();
      this.#said.add(entry);
      this.#failures = 0;
      this.#again();
    }
  }

  #update(entries: readonly Entry[]): void {
    this.#entries = entries;
    writeSession(this.#key, entries);
    this.#options.onChange(entries);
  }
}

function newId(): string {
  // Not randomUUID: a page that came over plain HTTP does not have it.
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
