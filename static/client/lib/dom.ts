/** Whether an element has a box. */
export function isRendered(element: Element): boolean {
  return element.getClientRects().length > 0;
}

/** The element with this id, which the template guarantees. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return element as T;
}

/** The id of a message; NaN for anything else. */
export function messageId(article: Element): number {
  return article.id.startsWith('m-') ? Number(article.id.slice('m-'.length)) : Number.NaN;
}

/** Numbers separated by spaces, as a fragment has them. */
export function parseIds(text = ''): number[] {
  return text.split(' ').filter(Boolean).map(Number);
}

/** A colour of chat.css, in the current scheme. */
export function cssColor(name: `--${string}`): string {
  return getComputedStyle(document.body).getPropertyValue(name).trim();
}

/** Parses fragments. Nothing in them runs: the page's policy allows no script but its own. */
export function parseFragments(html: string): HTMLElement[] {
  const template = document.createElement('template');
  template.innerHTML = html;
  return [...template.content.children].filter((child) => child instanceof HTMLElement);
}

/** A click outside a dialog, on its backdrop, closes it. */
export function closeOnBackdrop(dialog: HTMLDialogElement): void {
  dialog.addEventListener('click', ({ target, clientX, clientY }) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const isInside = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
    if (target === dialog && !isInside) dialog.close();
  });
}

/** Puts a text into a field, instead of what is selected or what is from `start` to there. */
export function insertText(
  field: HTMLTextAreaElement,
  text: string,
  start = field.selectionStart,
): void {
  field.setRangeText(text, start, field.selectionEnd, 'end');
  // Others that listen to the field are notified.
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/** An error notice. */
export function notice(text: string): HTMLElement {
  const element = document.createElement('p');
  element.className = 'notice';
  element.role = 'alert';
  element.textContent = text;
  return element;
}
