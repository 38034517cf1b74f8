const REDUCED = matchMedia('(prefers-reduced-motion: reduce)');
/** Emoji that rise at once: of an audience of hundreds, some stand for all. */
const MAX_RISING = 40;
/** Of one kind in one message. */
const MAX_OF_KIND = 8;

/** Lets reactions rise over the page, a decoration. Under reduced motion there are only counts. */
export function showRising(counts: Readonly<Record<string, number>>): void {
  if (REDUCED.matches || document.hidden) return;
  for (const [emoji, count] of Object.entries(counts)) {
    for (let n = 0; n < Math.min(count, MAX_OF_KIND); n += 1) rise(emoji);
  }
}

function rise(emoji: string): void {
  if (document.querySelectorAll('.rising').length >= MAX_RISING) return;
  const element = document.createElement('span');
  element.className = 'rising';
  element.ariaHidden = 'true';
  element.textContent = emoji;
  element.style.setProperty('--left', `${Math.random()}`);
  element.style.setProperty('--delay', `${Math.random() * 0.6}s`);
  element.addEventListener('animationend', () => element.remove());
  document.body.append(element);
}
