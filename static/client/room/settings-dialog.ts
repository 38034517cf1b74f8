import { mediaOfTheme, type Theme } from '../../../server/shared/themes.ts';
import { notificationPermission } from '../lib/allowed.ts';
import { saveAppearance } from '../lib/appearance.ts';
import { byId, closeOnBackdrop } from '../lib/dom.ts';
import { language as pageLanguage, t } from '../lib/messages.ts';
import { NOTES } from './notifications/room-level.ts';

/** The settings of this browser, over the room; without a script the link leads to their page. */
export function initSettings(): void {
  const dialog = byId<HTMLDialogElement>('settings');
  const theme = byId<HTMLSelectElement>('theme');
  const density = byId<HTMLSelectElement>('density');
  const language = byId<HTMLSelectElement>('language');
  byId('open-settings').addEventListener('click', (event) => {
    event.preventDefault();
    showPermission();
    // A page from the browser's cache may be older than the choice.
    language.value = pageLanguage;
    dialog.showModal();
  });
  closeOnBackdrop(dialog);
  for (const select of [theme, density]) select.addEventListener('change', apply);
  // The page is loaded again, in that language.
  language.addEventListener('change', () => {
    const url = new URL(location.href);
    url.searchParams.set('language', language.value);
    location.assign(url);
  });

  /** Why this browser can't notify; otherwise where to choose what is notified of. */
  function showPermission(): void {
    const permission = notificationPermission();
    const problem = permission === 'default' ? undefined : NOTES[permission];
    byId('notify-permission').textContent = t(problem ?? 'notify-per-room');
  }

  function apply(): void {
    const { light, dark } = mediaOfTheme[theme.value as Theme];
    // The style sheet, and the colours of the browser around the page: see head.html.
    const parts = 'head > [data-theme]';
    for (const part of document.querySelectorAll<HTMLLinkElement | HTMLMetaElement>(parts)) {
      part.media = part.dataset.theme === 'dark' ? dark : light;
    }
    document.documentElement.dataset.density = density.value;
    saveAppearance({ theme: theme.value, density: density.value });
  }
}
