/** Emoji that rise at the same time; of more, the others are only counted. */
const MAX_RISING = 40;
/** Of reactions that arrive at once, so many rise. */
const MAX_AT_ONCE = 12;
/** How long the number of reactions is shown where nothing moves. */
const COUNT_SHOWN_MS = 5_000;
/** One reaction follows another after this time. */
const GAP_MS = 120;

/** Reactions that rise over the stage; where the user prefers no motion, their number. */
export class Rising {
  readonly #layer: HTMLElement;
  readonly #isStill = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #counts = new Map<string, number>();
  #clearing: ReturnType<typeof setTimeout> | undefined;

  constructor(layer: HTMLElement) {
    this.#layer = layer;
  }

  /** So many users react with an emoji. */
  rise(emoji: string, count = 1): void {
    if (count <= 0) return;
    if (this.#isStill.matches) this.#count(emoji, count);
    else for (let n = 0; n < Math.min(count, MAX_AT_ONCE); n += 1) this.#float(emoji, n * GAP_MS);
  }

  #float(emoji: string, delayMs: number): void {
    if (this.#layer.childElementCount >= MAX_RISING) return;
    const item = document.createElement('span');
    item.textContent = emoji;
    item.style.insetInlineEnd = `${Math.random() * 80}%`;
    item.style.animationDelay = `${delayMs}ms`;
    item.addEventListener('animationend', () => item.remove());
    this.#layer.append(item);
  }

  #count(emoji: string, count: number): void {
    this.#counts.set(emoji, (this.#counts.get(emoji) ?? 0) + count);
    const items = [...this.#counts].map(([what, total]) => {
      const item = document.createElement('span');
      item.textContent = `${what} ${total}`;
      return item;
    });
    this.#layer.replaceChildren(...items);
    clearTimeout(this.#clearing);
    this.#clearing = setTimeout(() => {
      this.#counts.clear();
      this.#layer.replaceChildren();
    }, COUNT_SHOWN_MS);
  }
}

/** The emoji of a kind of applause: that of its text, if it begins with one. */
export function emojiOf(text: string): string {
  return /^\p{Extended_Pictographic}\ufe0f?/u.exec(text)?.[0] ?? '👏';
}
