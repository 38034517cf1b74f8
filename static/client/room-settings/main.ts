import { askFirst, asksFirst } from '../lib/confirm.ts';

/* The settings of a room: what destroys something is asked in a dialog, not on a page of its own. */

document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  if (!(form instanceof HTMLFormElement) || !asksFirst(form, submitter)) return;
  event.preventDefault();
  void submitConfirmed(form, submitter);
});

async function submitConfirmed(form: HTMLFormElement, submitter: HTMLElement | null) {
  const fields = new FormData(form, submitter);
  try {
    const path = new URL(form.action).pathname.replace(/\/commands$/, '');
    const isConfirmed = await askFirst(path, fields);
    if (isConfirmed === false) return;
    // An error is shown by the page that answers the form.
    if (isConfirmed) fields.append('confirmed', 'on');
  } catch {
    // Without an answer, the page asks instead.
  }
  for (const [name, value] of fields) {
    const field = form.elements.namedItem(name);
    const isThere = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
    if (isThere) continue;
    const hidden = document.createElement('input');
    hidden.type = 'hidden';
    hidden.name = name;
    hidden.value = String(value);
    form.append(hidden);
  }
  form.submit();
}
