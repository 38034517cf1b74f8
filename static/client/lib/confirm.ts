import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { parseFragments } from './dom.ts';

/** What a user entered before they confirmed a command, by the names of its fields. */
export type Entered = Readonly<Record<string, string>>;

/**
 * Asks before a command that destroys something is executed, or one that asks for a text.
 * @param path of the room
 * @param fields of the command, as a form sends them
 * @returns what the user enters with it, `false` if they cancel; `undefined` if the server does not ask
 * @throws if the server was not reached
 */
export async function askFirst(
  path: string,
  fields: Iterable<readonly [string, FormDataEntryValue]>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Entered | false | undefined> {
  const query = new URLSearchParams([...fields].map(([name, value]) => [name, String(value)]));
  const page = await fetchWithTimeout(`${path}/confirm?${query}`, {
    headers: { Accept: 'text/html', ...headers },
  });
  return page.ok ? confirmInDialog(await page.text()) : undefined;
}

/**
 * Shows the page that asks before a command is executed as a dialog.
 * @param page its HTML, from the server: templates/confirm.html
 * @returns what the user enters with it; `false` if they cancel
 */
function confirmInDialog(page: string): Promise<Entered | false> {
  const main = parseFragments(page).find((element) => element.matches('main'));
  const form = main?.querySelector('form');
  if (!main || !form) throw new Error('The server asked nothing.');
  const dialog = document.createElement('dialog');
  dialog.className = 'confirmation';
  const heading = document.createElement('h2');
  heading.id = 'confirmation';
  heading.dir = 'auto';
  heading.textContent = main.querySelector('h1')?.textContent ?? '';
  dialog.setAttribute('aria-labelledby', heading.id);
  form.method = 'dialog';
  const cancel = document.createElement('button');
  cancel.className = 'quiet';
  cancel.autofocus = true;
  cancel.textContent = form.querySelector('a')?.textContent ?? '';
  form.querySelector('a')?.replaceWith(cancel);
  dialog.append(heading, ...main.querySelectorAll('main > p'), form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'confirmed' && enteredIn(form));
    });
  });
}

/** The values of the fields that are shown. */
function enteredIn(form: HTMLFormElement): Entered {
  const fields = form.querySelectorAll<HTMLInputElement>('input:not([type=hidden])');
  return Object.fromEntries([...fields].map(({ name, value }) => [name, value]));
}

/** Whether a form asks before it is submitted. */
export function asksFirst(form: HTMLFormElement, submitter: HTMLElement | null): boolean {
  return form.dataset.confirm !== undefined || submitter?.dataset.confirm !== undefined;
}
