import { copyText } from '../lib/clipboard.ts';
import { byId } from '../lib/dom.ts';
import type { JoinLink } from '../lib/join-link.ts';
import { t } from '../lib/messages.ts';

/** Shows how others join: the QR code, and a button that copies the link. */
export function initInvite(join: JoinLink): void {
  const copy = byId('copy-link');
  copy.hidden = join.href === undefined;
  // Where nothing can be copied, the link is shown.
  copy.addEventListener('click', async () => {
    const link = join.href ?? '';
    copy.textContent = (await copyText(link)) ? t('copied') : link;
  });
}
