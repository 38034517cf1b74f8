import { byId } from '../lib/dom.ts';
import { isOfInputMethod } from '../lib/input-keys.ts';

/**
 * The keys that lead to another room: Ctrl or ⌘ and K asks which, Alt and an arrow is the one above
 * or below in the sidebar, and with Shift the next one with something unread.
 */
export function initRoomJump(): void {
  const dialog = byId<HTMLDialogElement>('room-jump');
  const field = byId<HTMLInputElement>('jump-to');
  const list = byId('jump-rooms');

  document.addEventListener('keydown', (event) => {
    if (isOfInputMethod(event)) return;
    const { key, altKey, shiftKey, ctrlKey, metaKey } = event;
    if (key.toLowerCase() === 'k' && (ctrlKey || metaKey) && !altKey && !shiftKey) ask();
    else if (altKey && !ctrlKey && !metaKey && (key === 'ArrowUp' || key === 'ArrowDown')) {
      const link = neighbour(key === 'ArrowUp' ? -1 : 1, shiftKey);
      if (link) location.assign(link.href);
    } else return;
    event.preventDefault();
  });
  field.addEventListener('input', filter);
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    const stops: HTMLElement[] = [
      field,
      ...list.querySelectorAll<HTMLElement>('li:not([hidden]) a'),
    ];
    const by = event.key === 'ArrowUp' ? -1 : 1;
    stops[stops.indexOf(document.activeElement as HTMLElement) + by]?.focus();
    event.preventDefault();
  });
  // Enter opens the first room that matches; one that is not in the list is opened by its name.
  dialog.addEventListener('submit', (event) => {
    const first = list.querySelector<HTMLAnchorElement>('li:not([hidden]) a');
    if (!first) return;
    event.preventDefault();
    location.assign(first.href);
  });

  function ask(): void {
    if (document.querySelector('dialog[open]')) return;
    list.replaceChildren(...[...byId('room-links').children].map((room) => room.cloneNode(true)));
    field.value = '';
    filter();
    dialog.showModal();
  }

  function filter(): void {
    const wanted = field.value.trim().toLowerCase();
    for (const item of list.children) {
      if (!(item instanceof HTMLElement)) continue;
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
    }
  }
}

/** The link to the room above or below this one. */
function neighbour(by: -1 | 1, isUnread: boolean): HTMLAnchorElement | undefined {
  const links = [...byId('room-links').querySelectorAll('a')];
  const here = links.findIndex((link) => link.ariaCurrent === 'page');
  const others = by === 1 ? links.slice(here + 1) : links.slice(0, here).reverse();
  return others.find((link) => !isUnread || link.querySelector('.unread:not([hidden])') !== null);
}
