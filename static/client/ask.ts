import { byId, parseFragments } from './dom.ts';

/** Asks the room by the form of its own page, without leaving the room. */
export function askHere(act: (command: object) => void): void {
  const link = byId<HTMLAnchorElement>('ask-link');
  const dialog = byId<HTMLDialogElement>('ask');
  link.addEventListener('click', async (event) => {
    event.preventDefault();
    const form = await formAt(link.href);
    if (!form) {
      location.assign(link.href);
      return;
    }
    dialog.replaceChildren(form);
    dialog.showModal();
  });
  dialog.addEventListener('submit', (event) => {
    event.preventDefault();
    if (event.target instanceof HTMLFormElement) {
      act(Object.fromEntries(new FormData(event.target)));
    }
    dialog.close();
  });
}

/** The form of a page, or nothing where it cannot be had. */
async function formAt(address: string): Promise<Element | undefined> {
  try {
    const response = await fetch(address, { headers: { Accept: 'text/html' } });
    if (!response.ok) return undefined;
    const elements = parseFragments(await response.text());
    return elements.find((element) => element.matches('main'))?.querySelector('form') ?? undefined;
  } catch {
    return undefined;
  }
}
