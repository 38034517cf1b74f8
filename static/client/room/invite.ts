import { roomPath } from '../../../server/shared/routes.ts';
import { byId } from '../lib/dom.ts';
import { JoinLink } from '../lib/join-link.ts';
import { t } from '../lib/messages.ts';

/** Shows how others join: the QR code, and a button that copies the link. */
export function initInvite(room: string): void {
  const join = new JoinLink(roomPath(room));
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
