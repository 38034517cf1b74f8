import { copyText } from '../lib/clipboard.ts';
import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';

/** How long the button says that it has copied. */
const COPIED_MS = 2_000;

/** Adds a button that copies it to each block of code. */
export function decorateCode(article: HTMLElement): void {
  for (const block of article.querySelectorAll('.body pre')) {
    if (block.querySelector('.copy-code')) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy-code quiet client-only';
    button.textContent = t('copy');
    block.prepend(button);
  }
}

export function initCodeBlocks(): void {
  byId('messages').addEventListener('click', ({ target }) => {
    if (!(target instanceof HTMLElement) || !target.matches('.copy-code')) return;
    const code = target.parentElement?.querySelector('code')?.textContent ?? '';
    copyText(code).then((isCopied) => {
      target.textContent = t(isCopied ? 'copied' : 'copy-failed');
      setTimeout(() => {
        target.textContent = t('copy');
      }, COPIED_MS);
    });
  });
}
