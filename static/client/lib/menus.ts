import { isOfInputMethod } from './input-keys.ts';

/** A menu is a `details`, which opens without a script; this closes it as users expect. */
export function initMenus(): void {
  const open = () => document.querySelectorAll<HTMLDetailsElement>('details.menu[open]');
  const closeOthers = (target: EventTarget | null) => {
    for (const menu of open()) {
      if (!(target instanceof Node && menu.contains(target))) menu.open = false;
    }
  };
  document.addEventListener('focusin', ({ target }) => closeOthers(target));
  document.addEventListener('click', ({ target }) => {
    closeOthers(target);
    // An item of a menu was chosen.
    const menu = target instanceof Element && target.closest('.menu > ul')?.parentElement;
    if (menu instanceof HTMLDetailsElement) menu.open = false;
  });
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || isOfInputMethod(event)) return;
      for (const menu of open()) {
        // Esc closes nothing else.
        event.stopPropagation();
        menu.open = false;
        menu.querySelector('summary')?.focus();
      }
    },
    { capture: true },
  );
}
