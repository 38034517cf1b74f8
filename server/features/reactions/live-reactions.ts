import type { EphemeralMessage } from '../../core/framing.ts';
import type { LiveReaction } from '../../shared/live-reactions.ts';
import { signal } from '../../templates.ts';

/** Reactions are collected for this long, so that those of an audience are one message. */
const COALESCE_MS = 500;

/**
 * The reactions of an audience to what happens right now: they are added up and sent, and stored
 * nowhere. Nobody sees whose they are.
 */
export class LiveReactions {
  readonly #broadcast: (message: EphemeralMessage) => void;
  readonly #counts = new Map<LiveReaction, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(broadcast: (message: EphemeralMessage) => void) {
    this.#broadcast = broadcast;
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
    const counts = Object.fromEntries(this.#counts);
    this.#counts.clear();
    this.#broadcast((type) => [
      type === 'json'
        ? JSON.stringify({ type: 'live-reactions', counts })
        : signal({ name: 'live-reactions', data: { counts: JSON.stringify(counts) } }),
    ]);
  }
}
