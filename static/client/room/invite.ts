import { byId } from '../lib/dom.ts';
import type { JoinLink } from '../lib/join-link.ts';
import { t } from '../lib/messages.ts';

/** Shows how others join: the QR code, and a button that copies the link. */
export function initInvite(join: JoinLink): void {
  const copy = byId('copy-link');
  copy.hidden = join.href === undefined;
  // A page loaded over plain HTTP may not write to the clipboard: there the link is shown.
  copy.addEventListener('click', async () => {
    const link = join.href ?? '';
    try {
      await navigator.clipboard.writeText(link);
      copy.textContent = t('copied');
    } catch {
      copy.textContent = link;
    }
  });
}
