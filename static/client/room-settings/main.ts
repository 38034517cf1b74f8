import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { asksFirst, confirmInDialog } from '../lib/confirm.ts';

/* The settings of a room: what destroys something is asked in a dialog, not on a page of its own. */

document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  if (!(form instanceof HTMLFormElement) || !asksFirst(form, submitter)) return;
  event.preventDefault();
  void submitConfirmed(form, submitter);
});

async function submitConfirmed(form: HTMLFormElement, submitter: HTMLElement | null) {
  const fields = new FormData(form, submitter);
  const query = new URLSearchParams([...fields].map(([name, value]) => [name, String(value)]));
  const page = `${new URL(form.action).pathname.replace(/commands$/, 'confirm')}?${query}`;
  try {
    const response = await fetchWithTimeout(page, { headers: { Accept: 'text/html' } });
    if (response.ok && !(await confirmInDialog(await response.text()))) return;
    // An error is shown by the page that answers the form.
    if (response.ok) fields.append('confirmed', 'on');
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
