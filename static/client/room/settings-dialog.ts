import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { byId } from '../lib/dom.ts';

/** The media of the dark style sheet, as head.html has them. */
const DARK_MEDIA: Readonly<Record<string, string>> = {
  system: '(prefers-color-scheme: dark)',
  light: 'not all',
  dark: 'all',
};

/** The settings of this browser, over the room; without a script the link leads to their page. */
export function initSettings(): void {
  const dialog = byId<HTMLDialogElement>('settings');
  const theme = byId<HTMLSelectElement>('theme');
  const density = byId<HTMLSelectElement>('density');
  byId('open-settings').addEventListener('click', (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  dialog.addEventListener('click', ({ target }) => {
    // A click outside the dialog is on its backdrop.
    if (target === dialog) dialog.close();
  });
  for (const select of [theme, density]) select.addEventListener('change', apply);

  function apply(): void {
    byId<HTMLLinkElement>('dark').media = DARK_MEDIA[theme.value] ?? '';
    document.documentElement.dataset.density = density.value;
    const body = new URLSearchParams({ theme: theme.value, density: density.value });
    // Not stored if the server is not reached: the page shows what was chosen, and another does not.
    fetchWithTimeout('/settings', { method: 'POST', body }).catch(() => {});
  }
}
