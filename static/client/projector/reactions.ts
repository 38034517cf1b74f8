import { byId } from '../lib/dom.ts';
import { showRising } from '../lib/rising.ts';

/** How long the number of reactions is shown where nothing moves. */
const COUNT_SHOWN_MS = 5_000;

const REDUCED = matchMedia('(prefers-reduced-motion: reduce)');
const counts = new Map<string, number>();
let clearing: ReturnType<typeof setTimeout> | undefined;

/** Lets reactions rise over the stage; under reduced motion, adds them up there. */
export function showReactions(added: Readonly<Record<string, number>>): void {
  if (!REDUCED.matches) {
    showRising(added);
    return;
  }
  for (const [emoji, count] of Object.entries(added))
    counts.set(emoji, (counts.get(emoji) ?? 0) + count);
  byId('reaction-counts').textContent = [...counts]
    .map(([emoji, total]) => `${emoji} ${total}`)
    .join('  ');
  clearTimeout(clearing);
  clearing = setTimeout(() => {
    counts.clear();
    byId('reaction-counts').textContent = '';
  }, COUNT_SHOWN_MS);
}
