/** How long it is shown. */
const SHOWN_MS = 5_000;

let shown: { readonly element: HTMLElement; timer: ReturnType<typeof setTimeout> } | undefined;

/** Says that something is done, for some seconds. */
export function toast(text: string): void {
  const element = shown?.element ?? document.createElement('p');
  clearTimeout(shown?.timer);
  element.className = 'toast';
  element.role = 'status';
  document.body.append(element);
  // An empty status that gets its text is announced by screen readers.
  element.textContent = '';
  requestAnimationFrame(() => {
    element.textContent = text;
  });
  const timer = setTimeout(() => {
    element.remove();
    shown = undefined;
  }, SHOWN_MS);
  shown = { element, timer };
}
