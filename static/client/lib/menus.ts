import { isOfInputMethod } from './input-keys.ts';

/** A choice between several shows which is chosen: it leaves the menu open. */
const ITEM = '.menu > ul :is(a, button:not([role=radio]))';

/** A menu is a `details`, which opens without a script; this closes it as users expect. */
export function initMenus(): void {
  const open = () => document.querySelectorAll<HTMLDetailsElement>('details.menu[open]');
  const closeOthers = (target: EventTarget | null) => {
    for (const menu of open()) {
      if (!(target instanceof Node && menu.contains(target))) menu.open = false;
    }
  };
  // A toggle does not bubble.
  document.addEventListener('toggle', ({ target }) => opened(target), { capture: true });
  document.addEventListener('focusin', ({ target }) => closeOthers(target));
  document.addEventListener('click', ({ target }) => {
    closeOthers(target);
    if (target instanceof Element) chosen(target.closest(ITEM));
  });
  document.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLSelectElement) chosen(target.closest('.menu > ul select'));
  });
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || isOfInputMethod(event)) return;
      for (const menu of open()) {
        // Esc closes nothing else.
        event.stopPropagation();
        close(menu);
      }
    },
    { capture: true },
  );
}

/** Shows the whole list of a menu, above its button where there is no room below. */
function opened(menu: EventTarget | null): void {
  if (!(menu instanceof HTMLDetailsElement && menu.matches('.menu'))) return;
  menu.classList.remove('opens-up');
  const list = menu.open && menu.querySelector('ul');
  if (!list) return;
  const { height, bottom } = list.getBoundingClientRect();
  const frame = menu.closest('.timeline')?.getBoundingClientRect();
  const isBelow = bottom > (frame?.bottom ?? innerHeight);
  const hasRoomAbove = menu.getBoundingClientRect().top - height > (frame?.top ?? 0);
  menu.classList.toggle('opens-up', isBelow && hasRoomAbove);
  list.scrollIntoView({ block: 'nearest' });
}

/** An item of a menu was chosen. */
function chosen(item: Element | null): void {
  const menu = item?.closest<HTMLDetailsElement>('details.menu');
  if (menu?.contains(document.activeElement)) close(menu);
  // The item has led elsewhere.
  else if (menu) menu.open = false;
}

/** Closes a menu, and leaves the focus at its button. */
function close(menu: HTMLDetailsElement): void {
  menu.open = false;
  menu.querySelector('summary')?.focus();
}
