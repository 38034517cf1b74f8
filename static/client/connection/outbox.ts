import { readSession, writeSession } from '../lib/storage.ts';
import type { UploadedFile } from '../room/upload.ts';
import { backoffMs } from './connection.ts';

/** A message to post, in the server's format. */
interface Command {
  readonly message: string;
  /** The id of the message it replies to. */
  readonly reply?: number | undefined;
  /** The ids of its attachments. */
  readonly files?: readonly string[] | undefined;
}

/** A pending message. */
export interface Entry {
  /** Its client id: the server accepts the same id only once from a user. */
  readonly cid: string;
  readonly command: Command;
  /** Its attachments, as shown while it is pending. */
  readonly files?: readonly UploadedFile[] | undefined;
  /** When it was written. */
  readonly at: number;
  /** Whether it was sent, and may have arrived. */
  wasSent: boolean;
  /** The uid it was sent as; empty if that was unknown. */
  by: string;
}

/** The result of a post: accepted by the server, rejected, or the server was not reached. */
export type Posted = 'accepted' | 'rejected' | 'unreachable';

interface OutboxOptions {
  readonly room: string;
  readonly isLive: () => boolean;
  /** The client's own uid. */
  readonly uid: () => string;
  /** Sends a message over the connection. False if the connection is receive-only. */
  readonly send: (text: string) => boolean;
  /** Posts a message by a request of its own, until it is aborted. */
  readonly post: (entry: Entry, signal: AbortSignal) => Promise<Posted>;
  /** No acknowledgement for some seconds, on a connection that seems live. */
  readonly onUnanswered: () => void;
  readonly onChange: (entries: readonly Entry[]) => void;
  /** These were sent under a former identity: they might be posted twice if sent again. */
  readonly onReleased: (entries: readonly Entry[]) => void;
}

/** The maximum number of pending messages, and of characters stored for them. */
const MAX_ENTRIES = 100;
const MAX_CHARACTERS = 200_000;

/** Clients should not all hit a slow server over other transports again and again. */
const MIN_ACK_TIMEOUT_MS = 5_000;
const MAX_ACK_TIMEOUT_MS = 40_000;

/** How long to wait for an acknowledgement, after so many that timed out. */
export function ackTimeoutMs(unanswered: number): number {
  return Math.min(MAX_ACK_TIMEOUT_MS, MIN_ACK_TIMEOUT_MS * 2 ** unanswered);
}

/**
 * Pending messages. Each waits until the message before it is answered, so that they stay in order, and is
 * sent again on each new connection until it is acknowledged or rejected. They are stored for this tab only, as its
 * identity is: another tab would be another user, and post them a second time.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #key: string;
  #entries: readonly Entry[];
  /** The message being sent. */
  #current: Entry | undefined;
  /** Aborts the request that posts it. */
  #posting: AbortController | undefined;
  /** Messages accepted by request that have not come back over the connection yet. */
  readonly #accepted = new Set<Entry>();
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

  /** @returns false if the outbox is full */
  enqueue(message: Command, files: readonly UploadedFile[] = []): boolean {
    const command = files.length > 0 ? { ...message, files: files.map(({ id }) => id) } : message;
    const entry = { cid: newId(), command, files, at: Date.now(), wasSent: false, by: '' };
    const entries = [...this.#entries, entry];
    if (entries.length > MAX_ENTRIES || JSON.stringify(entries).length > MAX_CHARACTERS)
      return false;
    this.#update(entries);
    this.#trySend();
    return true;
  }

  /** A new connection has caught up: sends again what is not acknowledged. */
  resume(): void {
    const uid = this.#options.uid();
    // A request lost in a silent network would occupy one of the browser's six connections.
    this.#posting?.abort();
    // What was accepted and has not come back by now is older than what the page holds.
    this.#update(this.#entries.filter((entry) => !this.#accepted.has(entry)));
    this.#accepted.clear();
    this.release(this.#entries.filter(({ wasSent, by }) => wasSent && by !== '' && by !== uid));
    this.#sendNext();
  }

  /** Drops messages that must not be sent from here. */
  release(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    this.#update(this.#entries.filter((entry) => !entries.includes(entry)));
    this.#options.onReleased(entries);
  }

  /** Removes and returns a message that came back, was rejected or is cancelled. */
  acknowledge(cid: string | undefined): Entry | undefined {
    const entry = this.#entries.find((other) => other.cid === cid);
    if (!entry) return undefined;
    this.#update(this.#entries.filter((other) => other !== entry));
    this.#accepted.delete(entry);
    this.#failures = 0;
    this.#unanswered = 0;
    if (this.#current === entry) this.#sendNext();
    else this.#watch();
    return entry;
  }

  /**
   * The server does not accept it just now: it stays the next to be sent.
   * @returns false if it is not in the outbox
   */
  retryLater(cid: string | undefined): boolean {
    const entry = this.#entries.find((other) => other.cid === cid);
    if (entry && this.#current === entry) {
      this.#unanswered = 0;
      this.#retryLater();
      clearTimeout(this.#ackTimeout);
    }
    return entry !== undefined;
  }

  /** Watches how long the acknowledgement takes, while there is one to come. */
  #watch(): void {
    clearTimeout(this.#ackTimeout);
    if (!this.#current && this.#accepted.size === 0) return;
    this.#ackTimeout = setTimeout(() => {
      this.#unanswered += 1;
      this.#options.onUnanswered();
    }, ackTimeoutMs(this.#unanswered));
  }

  #sendNext(): void {
    clearTimeout(this.#timer);
    this.#posting = undefined;
    this.#current = undefined;
    this.#trySend();
    this.#watch();
  }

  #retryLater(): void {
    clearTimeout(this.#timer);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.#sendNext(), backoffMs(this.#failures, Math.random()));
  }

  #trySend(): void {
    const { isLive, uid, send } = this.#options;
    const next = this.#entries.find((entry) => !this.#accepted.has(entry));
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
    if (posted === 'unreachable') {
      this.#retryLater();
    } else if (posted === 'accepted') {
      // A tab without a token gets its identity from the response.
      entry.by = this.#options.uid();
      this.#accepted.add(entry);
      this.#failures = 0;
      this.#sendNext();
    }
  }

  #update(entries: readonly Entry[]): void {
    this.#entries = entries;
    writeSession(this.#key, entries);
    this.#options.onChange(entries);
  }
}

/** Unique among a user's commands. That of a message is sent to all waiters, so it is short. */
export function newId(): string {
  // Not randomUUID: pages loaded over plain HTTP do not have it.
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
