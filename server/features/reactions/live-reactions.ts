import type { TextType } from '../../core/fragment.ts';
import type { EphemeralMessage } from '../../core/framing.ts';
import type { LiveReaction } from '../../shared/live-reactions.ts';
import { signal } from '../../templates.ts';

/** Reactions are collected for this long, so that those of an audience are one message. */
const COALESCE_MS = 500;
/** Messages that are remembered for clients that poll: those of ten seconds at least. */
const MAX_RECENT = 20;

export type Counts = Readonly<Partial<Record<LiveReaction, number>>>;

/**
 * The reactions of an audience to what happens right now: they are added up and sent, and stored
 * nowhere. Nobody sees whose they are.
 */
export class LiveReactions {
  readonly #broadcast: (message: EphemeralMessage) => void;
  readonly #tell: (counts: Counts) => void;
  /** Those of this server and of others, and those of this one alone. */
  #counts: Counts = {};
  #own: Counts = {};
  /** What was sent last, the oldest first. */
  readonly #recent: { readonly position: number; readonly counts: Counts }[] = [];
  readonly #listeners = new Set<() => void>();
  /** The number of the last message. After a restart the numbers are higher than all before it. */
  #position = Date.now();
  #timer: NodeJS.Timeout | undefined;

  /** @param tell is called with what the users of this server add, to tell the others */
  constructor(
    broadcast: (message: EphemeralMessage) => void,
    tell: (counts: Counts) => void = () => {},
  ) {
    this.#broadcast = broadcast;
    this.#tell = tell;
  }

  /** Where a client is that has received all of them. */
  get position(): number {
    return this.#position;
  }

  /** Those after a position, for a client that polls, as a text; `undefined` if there are none. */
  after(position: number, type: TextType): string | undefined {
    const missed = this.#recent.filter((message) => message.position > position);
    return missed.length === 0
      ? undefined
      : reactionsText(sumOf(missed.map(({ counts }) => counts)), type);
  }

  /** Calls the listener when there are more. @returns stops that */
  onNext(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(emoji: LiveReaction, count: number): void {
    this.#own = sumOf([this.#own, { [emoji]: count }]);
    this.addCounts({ [emoji]: count });
  }

  /** Users of another server have reacted. */
  addCounts(counts: Counts): void {
    this.#counts = sumOf([this.#counts, counts]);
    this.#timer ??= setTimeout(() => this.#send(), COALESCE_MS).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #send(): void {
    this.#timer = undefined;
    const counts = this.#counts;
    if (Object.keys(this.#own).length > 0) this.#tell(this.#own);
    this.#counts = {};
    this.#own = {};
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

function sumOf(all: readonly Counts[]): Counts {
  const total: Partial<Record<LiveReaction, number>> = {};
  for (const counts of all) {
    for (const [emoji, count] of Object.entries(counts) as [LiveReaction, number][]) {
      total[emoji] = (total[emoji] ?? 0) + count;
    }
  }
  return total;
}
