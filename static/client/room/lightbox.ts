import { byId } from '../lib/dom.ts';
import { isModified } from '../lib/input-keys.ts';
import { t } from '../lib/messages.ts';

/** Where there are pictures: among the messages, and among the files of the room. */
const LISTS = '#messages, #panel-page';

/** Shows the pictures of the messages large, one after the other; without a script their links lead to them. */
export function initLightbox(): void {
  const dialog = byId<HTMLDialogElement>('lightbox');
  const image = dialog.querySelector('img') as HTMLImageElement;
  const name = dialog.querySelector('bdi') as HTMLElement;
  const download = dialog.querySelector('a[download]') as HTMLAnchorElement;
  const [previous, next] = dialog.querySelectorAll<HTMLButtonElement>('[data-by]');
  let shown: HTMLAnchorElement | undefined;

  document.addEventListener('click', (event) => {
    const { target } = event;
    if (isModified(event)) return;
    const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a.picture') : null;
    if (!link?.closest(LISTS)) return;
    event.preventDefault();
    show(link);
    dialog.showModal();
  });
  dialog.addEventListener('click', ({ target }) => {
    const button = target instanceof Element && target.closest<HTMLElement>('[data-by]');
    if (button) step(Number(button.dataset.by));
    else if (target === dialog) dialog.close();
  });
  dialog.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowLeft') step(-1);
    if (key === 'ArrowRight') step(1);
  });
  dialog.addEventListener('close', () => image.removeAttribute('src'));

  /** Those in the list of the one that is shown. */
  function pictures(): readonly HTMLAnchorElement[] {
    return [...(shown?.closest(LISTS)?.querySelectorAll<HTMLAnchorElement>('a.picture') ?? [])];
  }

  function step(by: number): void {
    const all = pictures();
    const link = shown && all[all.indexOf(shown) + by];
    if (link) show(link);
  }

  function show(link: HTMLAnchorElement): void {
    shown = link;
    const all = pictures();
    const { alt = '' } = link.querySelector('img') ?? {};
    image.src = link.href;
    image.alt = alt;
    name.textContent = alt;
    download.href = link.href;
    download.download = alt;
    if (previous) previous.disabled = all[0] === link;
    if (next) next.disabled = all.at(-1) === link;
    dialog.ariaLabel = t('picture-of', { name: alt });
  }
}
