import type { TextType } from '../../core/fragment.ts';
import type { EphemeralMessage } from '../../core/framing.ts';
import type { LiveReaction } from '../../shared/live-reactions.ts';
import { signal } from '../../templates.ts';

/** Reactions are collected for this long, so that those of an audience are one message. */
const COALESCE_MS = 500;
/** Messages that are remembered for clients that poll: those of ten seconds at least. */
const MAX_RECENT = 20;

type Counts = Readonly<Partial<Record<LiveReaction, number>>>;

/**
 * The reactions of an audience to what happens right now: they are added up and sent, and stored
 * nowhere. Nobody sees whose they are.
 */
export class LiveReactions {
  readonly #broadcast: (message: EphemeralMessage) => void;
  readonly #counts = new Map<LiveReaction, number>();
  /** What was sent last, the oldest first. */
  readonly #recent: { readonly position: number; readonly counts: Counts }[] = [];
  readonly #listeners = new Set<() => void>();
  /** The number of the last message. After a restart the numbers are higher than all before it. */
  #position = Date.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(broadcast: (message: EphemeralMessage) => void) {
    this.#broadcast = broadcast;
  }

  /** Where a client is that has received all of them. */
  get position(): number {
    return this.#position;
  }

  /** Those after a position, for a client that polls, as a text; `undefined` if there are none. */
  after(position: number, type: TextType): string | undefined {
    const missed = this.#recent.filter((message) => message.position > position);
    return missed.length === 0 ? undefined : reactionsText(sumOf(missed), type);
  }

  /** Calls the listener when there are more. @returns stops that */
  onNext(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(emoji: LiveReaction, count: number): void {
    this.#counts.set(emoji, (this.#counts.get(emoji) ?? 0) + count);
    this.#timer ??= setTimeout(() => this.#send(), COALESCE_MS).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #send(): void {
    this.#timer = undefined;
    const counts: Counts = Object.fromEntries(this.#counts);
    this.#counts.clear();
    this.#position += 1;
    this.#recent.push({ position: this.#position, counts });
    if (this.#recent.length > MAX_RECENT) this.#recent.shift();
    this.#broadcast((type) => [reactionsText(counts, type)]);
    for (const listener of [...this.#listeners]) listener();
  }
}

function reactionsText(counts: Counts, type: TextType): string {
  if (type === 'json') return JSON.stringify({ type: 'live-reactions', counts });
  return signal({ name: 'live-reactions', data: { counts: JSON.stringify(counts) } });
}

function sumOf(messages: readonly { readonly counts: Counts }[]): Counts {
  const total: Partial<Record<LiveReaction, number>> = {};
  for (const { counts } of messages) {
    for (const [emoji, count] of Object.entries(counts) as [LiveReaction, number][]) {
      total[emoji] = (total[emoji] ?? 0) + count;
    }
  }
  return total;
}
