import { t } from './messages.ts';

const REDUCED = matchMedia('(prefers-reduced-motion: reduce)');

/** With reduced motion, the animated pictures of a message stand still until they are played. */
export function pauseAnimations(article: HTMLElement): void {
  if (!REDUCED.matches) return;
  for (const link of article.querySelectorAll<HTMLElement>('.picture.moves')) {
    const image = link.querySelector('img');
    if (!image) continue;
    image.loading = 'eager';
    if (image.complete && image.naturalWidth > 0) hold(link, image);
    else image.addEventListener('load', () => hold(link, image), { once: true });
  }
}

function hold(link: HTMLElement, image: HTMLImageElement): void {
  const shown = link.querySelector('canvas');
  // The fragment came again: the picture in it is hidden as before.
  if (shown) image.hidden = !shown.hidden;
  if (shown) return;
  const still = document.createElement('canvas');
  still.className = 'client-only';
  still.width = image.naturalWidth;
  still.height = image.naturalHeight;
  still.role = 'img';
  still.ariaLabel = image.alt;
  // This draws the first frame of an animation (HTML, section 4.12.5.1.14).
  still.getContext('2d')?.drawImage(image, 0, 0);
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'play-picture quiet client-only';
  const show = (isPlaying: boolean) => {
    image.hidden = !isPlaying;
    still.hidden = isPlaying;
    button.textContent = t(isPlaying ? 'stop-image' : 'play-image');
  };
  button.addEventListener('click', () => show(image.hidden === true));
  show(false);
  image.before(still);
  link.after(button);
}
