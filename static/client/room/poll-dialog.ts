import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { byId, notice, parseFragments } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';

interface PollDialogOptions {
  readonly send: (command: object) => void;
  /** Uploads a file and returns its id. */
  readonly upload: (file: File) => Promise<string>;
}

/** Creates polls with the form of its own page, without leaving the room. */
export function initPollDialog({ send, upload }: PollDialogOptions): void {
  const dialog = byId<HTMLDialogElement>('poll-dialog');
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a.new-poll')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      void show(link.href);
    });
  }
  dialog.addEventListener('submit', (event) => {
    event.preventDefault();
    if (event.target instanceof HTMLFormElement) void create(event.target);
  });

  async function show(address: string): Promise<void> {
    const form = await formAt(address);
    if (!form) {
      location.assign(address);
      return;
    }
    dialog.replaceChildren(form);
    dialog.showModal();
  }

  /** The form stays until its pictures are uploaded: errors are shown in it. */
  async function create(form: HTMLFormElement): Promise<void> {
    const fields = new FormData(form);
    const pictures = fields.getAll('files').filter((file) => file instanceof File && file.size > 0);
    const button = form.querySelector<HTMLButtonElement>('button[type=submit]');
    const progress = document.createElement('progress');
    progress.ariaLabel = t('sending');
    if (pictures.length > 0) form.append(progress);
    if (button) button.disabled = true;
    try {
      const files = await Promise.all(pictures.map((file) => upload(file as File)));
      send({ ...Object.fromEntries(fields), files });
      dialog.close();
    } catch (error) {
      form.prepend(notice(error instanceof Error ? error.message : ''));
    }
    progress.remove();
    if (button) button.disabled = false;
  }
}

/** Whether a poll is being written. */
export function isWritingPoll(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement>(
    '#poll-dialog[open] :is(textarea, [type=text])',
  );
  return [...fields].some(({ value, defaultValue }) => value !== defaultValue);
}

/** The form of a page, or nothing if it cannot be loaded. */
async function formAt(address: string): Promise<Element | undefined> {
  try {
    const response = await fetchWithTimeout(address, { headers: { Accept: 'text/html' } });
    if (!response.ok) return undefined;
    const elements = parseFragments(await response.text());
    return elements.find((element) => element.matches('main'))?.querySelector('form') ?? undefined;
  } catch {
    return undefined;
  }
}
