/** Closes the menus of polls: a click elsewhere does, an action or a choice in the menu, and Esc. */
export function initPollMenus(polls: HTMLElement): void {
  const menus = () => polls.querySelectorAll<HTMLDetailsElement>('.poll-menu[open]');
  document.addEventListener('click', ({ target }) => {
    for (const menu of menus()) {
      const isInside = target instanceof Node && menu.contains(target);
      if (
        !isInside ||
        (target instanceof Element && target.closest('.poll-actions :is(button, a)'))
      )
        menu.open = false;
    }
  });
  polls.addEventListener('keydown', ({ key, target }) => {
    const menu = target instanceof Element ? target.closest('details') : null;
    if (key === 'Escape' && menu?.matches('.poll-menu[open]')) leave(menu);
  });
  polls.addEventListener('change', ({ target }) => {
    const menu = target instanceof Element ? target.closest('details') : null;
    if (menu?.matches('.poll-menu')) leave(menu);
  });
}

function leave(menu: HTMLDetailsElement): void {
  menu.open = false;
  menu.querySelector('summary')?.focus();
}
