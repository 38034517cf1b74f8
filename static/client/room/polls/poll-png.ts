import { seqOf } from '../../lib/complete-message.ts';
import { t } from '../../lib/messages.ts';
import { pathOfPoll } from './vote-history.ts';

/** Pixels per unit of the SVG: sharp on most screens, and on paper. */
const SCALE = 2;

/** Adds a PNG button to the files of a poll, if it has none. */
export function addPngButton(files: HTMLElement, article: HTMLElement): void {
  if (files.querySelector('button')) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'client-only';
  button.textContent = 'PNG';
  // The menu of the files closes by the click.
  const failure = document.createElement('p');
  failure.className = 'small client-only';
  failure.role = 'status';
  button.addEventListener('click', async () => {
    failure.textContent = '';
    // The browser may have cached an image of the same URL, with old counts.
    const address = `${pathOfPoll(article)}.svg?seq=${seqOf(article)}`;
    const png = await draw(address).catch(() => null);
    if (png) save(png, `poll-${article.id.slice('m-'.length)}.png`);
    else failure.textContent = t('image-failed');
  });
  files.append(button);
  article.querySelector('.poll-card')?.append(failure);
}

/** Draws the server's current SVG: the page's policy allows images from its own origin only. */
async function draw(address: string): Promise<Blob | null> {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * SCALE;
  canvas.height = image.naturalHeight * SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
