import { byId, closeOnBackdrop, insertText } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';

/** Inserts an emoji into the message: those of the message menu, in a dialog of their own. */
export function initEmojiPicker(): void {
  const button = byId('pick-emoji');
  const field = byId<HTMLTextAreaElement>('message');
  let dialog: HTMLDialogElement | undefined;
  button.addEventListener('click', () => {
    dialog ??= createDialog();
    dialog.showModal();
  });

  function createDialog(): HTMLDialogElement {
    const picker = document.createElement('dialog');
    picker.id = 'emoji-picker';
    picker.ariaLabel = t('emoji');
    const grid = document.createElement('form');
    grid.className = 'emoji-grid';
    grid.method = 'dialog';
    const all = document.querySelectorAll('#message-menu .emoji-grid [name=emoji]');
    grid.append(...[...all].map((emoji) => emoji.cloneNode(true)));
    picker.append(grid);
    picker.addEventListener('click', ({ target }) => {
      if (target instanceof HTMLButtonElement) insert(target.value);
    });
    closeOnBackdrop(picker);
    document.body.append(picker);
    return picker;
  }

  function insert(emoji: string): void {
    dialog?.close();
    field.focus();
    insertText(field, emoji);
  }
}
