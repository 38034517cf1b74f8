import { fetchWithTimeout } from '../../connection/fetch-with-timeout.ts';
import { byId, notice, parseFragments } from '../../lib/dom.ts';
import { isOfInputMethod } from '../../lib/input-keys.ts';
import { t } from '../../lib/messages.ts';
import type { Outcome } from '../command-sender.ts';
import { OptionRows } from './option-rows.ts';

interface PollSheetOptions {
  readonly send: (command: object) => Promise<Outcome>;
  /** Uploads a file and returns its id. @param onProgress receives the part that is sent, from 0 to 1 */
  readonly upload: (file: File, onProgress: (part: number) => void) => Promise<string>;
  /** A poll was started that was first typed as this text, and rejected. */
  readonly onTyped: (text: string) => void;
}

/** Creates polls with the form of its own page, in a sheet over the room. */
export function initPollSheet(options: PollSheetOptions): void {
  const dialog = byId<HTMLDialogElement>('poll-dialog');
  byId('close-poll-dialog').addEventListener('click', () => dialog.close());
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element && event.target.closest('a.new-poll');
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    void show(link.href);
  });

  async function show(address: string): Promise<void> {
    const { searchParams } = new URL(address);
    // What is being written stays, whatever kind is chosen now.
    const written = isWriting(dialog) ? dialog.querySelector('form') : null;
    if (written && !searchParams.has('text')) select(written, searchParams.get('kind'));
    else {
      const form = await formAt(address);
      if (!form) {
        location.assign(address);
        return;
      }
      dialog.querySelector('form')?.remove();
      dialog.append(form);
      new PollForm(form, searchParams.get('text') ?? '', { ...options, close });
    }
    dialog.showModal();
    dialog.querySelector<HTMLElement>('[name=question]')?.focus();
  }

  function close(): void {
    dialog.close();
    dialog.querySelector('form')?.remove();
  }
}

/** The form for a poll, with what a script adds to it. */
class PollForm {
  readonly #form: HTMLFormElement;
  readonly #options: PollSheetOptions & { readonly close: () => void };
  readonly #rows: OptionRows;
  /** What the form was filled in from. */
  readonly #text: string;

  constructor(
    form: HTMLFormElement,
    text: string,
    options: PollSheetOptions & { readonly close: () => void },
  ) {
    this.#form = form;
    this.#text = text;
    this.#options = options;
    this.#rows = new OptionRows(this.#optionFields, () => this.#showError(t('too-many-options')));
    form.addEventListener('change', () => this.#showKind());
    form.addEventListener('keydown', (event) => this.#onKey(event));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#start();
    });
    this.#showKind();
  }

  get #optionFields(): HTMLFieldSetElement {
    return this.#form.querySelector('.option-rows') as HTMLFieldSetElement;
  }

  /** What a kind doesn't have is not sent. */
  #showKind(): void {
    const kind = String(new FormData(this.#form).get('kind'));
    const { kinds = '' } = this.#optionFields.dataset;
    this.#optionFields.disabled = !kinds.split(' ').includes(kind);
  }

  /** Enter leads from the question to the options. */
  #onKey(event: KeyboardEvent): void {
    const isQuestion = event.target === this.#form.elements.namedItem('question');
    if (event.key !== 'Enter' || !isQuestion || isOfInputMethod(event)) return;
    if (this.#optionFields.disabled) return;
    event.preventDefault();
    this.#rows.focus();
  }

  /** The form stays until the poll is there: errors are shown in it. */
  async #start(): Promise<void> {
    const button = this.#form.querySelector<HTMLButtonElement>('button[type=submit]');
    const label = button?.textContent ?? '';
    this.#form.querySelector('.notice')?.remove();
    if (button) button.disabled = true;
    const say = (text: string) => {
      if (button) button.textContent = text;
    };
    try {
      const outcome = await this.#options.send(await this.#command(say));
      if (outcome === 'executed') {
        if (this.#text) this.#options.onTyped(this.#text);
        this.#options.close();
      } else this.#showError(outcome === 'failed' ? t('offline-not-sent') : outcome.rejected);
    } catch (error) {
      this.#showError((error instanceof Error && error.message) || t('upload-failed'));
    }
    if (button) button.disabled = false;
    say(label);
  }

  /** The poll as a command, once its images are uploaded. @param say says how far that is */
  async #command(say: (text: string) => void): Promise<object> {
    const fields = new FormData(this.#form);
    const options = this.#optionFields.disabled ? [] : this.#rows.options;
    for (const name of ['options', 'files']) fields.delete(name);
    const images = options.flatMap(({ image }) => image ?? []);
    const parts = new Map<File, number>();
    const upload = async (image: File | undefined) => {
      if (!image) return '';
      return this.#options.upload(image, (part) => {
        const sent = [...parts.set(image, part).values()].reduce((sum, one) => sum + one, 0);
        say(t('sending-images', { percent: Math.floor((100 * sent) / images.length) }));
      });
    };
    const files = await Promise.all(options.map(({ image }) => upload(image)));
    return {
      ...Object.fromEntries(fields),
      options: options.map(({ text }) => text),
      files: images.length > 0 ? files : [],
    };
  }

  #showError(text: string): void {
    this.#form.querySelector('.notice')?.remove();
    this.#form.querySelector('.sheet-foot')?.prepend(notice(text));
  }
}

/** Whether a poll is being written. */
export function isWritingPoll(): boolean {
  const dialog = byId<HTMLDialogElement>('poll-dialog');
  return dialog.open && isWriting(dialog);
}

function isWriting(dialog: HTMLElement): boolean {
  const fields = dialog.querySelectorAll<HTMLInputElement>('[type=text], [type=file]');
  return [...fields].some(({ value, defaultValue }) => value !== defaultValue);
}

function select(form: HTMLFormElement, kind: string | null): void {
  const field = form.querySelector<HTMLInputElement>(`[name=kind][value="${kind}"]`);
  if (field?.checked === false) field.click();
}

/** The form of a page, or nothing if it cannot be loaded. */
async function formAt(address: string): Promise<HTMLFormElement | undefined> {
  try {
    const response = await fetchWithTimeout(address, { headers: { Accept: 'text/html' } });
    if (!response.ok) return undefined;
    const elements = parseFragments(await response.text());
    const main = elements.find((element) => element.matches('main'));
    return main?.querySelector<HTMLFormElement>('#poll-form') ?? undefined;
  } catch {
    return undefined;
  }
}
