import { roomPath } from '../../../../server/shared/routes.ts';
import { asksFirst } from '../../lib/confirm.ts';
import { byId, notice, parseFragments } from '../../lib/dom.ts';
import { isOfInputMethod } from '../../lib/input-keys.ts';
import { t } from '../../lib/messages.ts';
import { toast } from '../../lib/toast.ts';
import type { Outcome } from '../command-sender.ts';
import { OptionRows } from './option-rows.ts';

interface PollSheetOptions {
  readonly room: string;
  /** Fetches a page as the tab's user; `undefined` if that fails. */
  readonly fetchPage: (address: string) => Promise<string | undefined>;
  readonly send: (command: object) => Promise<Outcome>;
  /** Sends a command that destroys something, once the user confirms it. Resolves whether it is done. */
  readonly sendConfirmed: (command: object) => Promise<boolean>;
  /** Uploads a file and returns its id. @param onProgress receives the part that is sent, from 0 to 1 */
  readonly upload: (file: File, onProgress: (part: number) => void) => Promise<string>;
  /** A poll was started that was first typed as this text, and rejected. */
  readonly onTyped: (text: string) => void;
}

/** Creates polls with the form of its own page, in a sheet over the room. */
export function initPollSheet(options: PollSheetOptions): void {
  const dialog = byId<HTMLDialogElement>('poll-dialog');
  const body = byId('poll-dialog-body');
  byId('close-poll-dialog').addEventListener('click', () => dialog.close());
  body.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.id === 'poll-form') return;
    event.preventDefault();
    void act(form, event.submitter);
  });
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element && event.target.closest('a.new-poll');
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    void show(link.href);
  });

  async function show(address: string): Promise<void> {
    const { searchParams } = new URL(address);
    // What is being written stays, whatever kind is chosen now.
    const written = isWriting(dialog) ? dialog.querySelector<HTMLFormElement>('#poll-form') : null;
    const isNew = !searchParams.has('text') && !searchParams.has('prepared');
    if (written && isNew) {
      select(written, searchParams.get('kind'));
      void refresh();
    } else {
      const page = parsePage(await options.fetchPage(address));
      if (!page) {
        location.assign(address);
        return;
      }
      clear();
      if (page.prepared) body.append(page.prepared);
      body.append(page.form);
      new PollForm(page.form, searchParams.get('text') ?? '', { ...options, close, saved });
    }
    if (!dialog.open) dialog.showModal();
    dialog.querySelector<HTMLElement>('[name=question]')?.focus();
  }

  function clear(): void {
    body.replaceChildren();
  }

  function close(): void {
    dialog.close();
    clear();
  }

  /** The poll is saved: the form is free for the next one. */
  async function saved(): Promise<void> {
    toast(t('poll-saved'));
    clear();
    await refresh();
  }

  /** Shows the prepared polls as they are now, with the form as it is. */
  async function refresh(): Promise<void> {
    const page = parsePage(await options.fetchPage(`${roomPath(options.room)}/new-poll`));
    const form = body.querySelector('#poll-form');
    if (!page) {
      if (!form) close();
      return;
    }
    body.querySelector('#prepared-polls')?.remove();
    if (page.prepared) body.prepend(page.prepared);
    if (form) return;
    body.append(page.form);
    new PollForm(page.form, '', { ...options, close, saved });
  }

  /** Starts, moves or deletes a prepared poll. */
  async function act(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    const command = Object.fromEntries(new FormData(form, submitter));
    const isStart = command.type === 'start-prepared-poll';
    if (asksFirst(form, submitter)) {
      if (!(await options.sendConfirmed(command))) return;
    } else {
      const outcome = await options.send(command);
      if (outcome !== 'executed') {
        showError(dialog, outcome === 'failed' ? t('offline-not-sent') : outcome.rejected);
        return;
      }
    }
    if (!isStart) await refresh();
    // What is being written stays for the next time.
    else if (isWriting(dialog)) dialog.close();
    else close();
  }
}

function showError(dialog: HTMLElement, text: string): void {
  dialog.querySelector('.notice')?.remove();
  dialog.querySelector('.sheet-foot')?.prepend(notice(text));
}

interface PollFormOptions extends PollSheetOptions {
  readonly close: () => void;
  /** The poll was saved to be started later. */
  readonly saved: () => Promise<void>;
}

/** The form for a poll, with what a script adds to it. */
class PollForm {
  readonly #form: HTMLFormElement;
  readonly #options: PollFormOptions;
  readonly #rows: OptionRows;
  /** What the form was filled in from. */
  readonly #text: string;

  constructor(form: HTMLFormElement, text: string, options: PollFormOptions) {
    this.#form = form;
    this.#text = text;
    this.#options = options;
    this.#rows = new OptionRows(this.#optionFields, () => this.#showError(t('too-many-options')));
    form.addEventListener('change', () => this.#showKind());
    form.addEventListener('keydown', (event) => this.#onKey(event));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit(event.submitter);
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
  async #submit(submitter: HTMLElement | null): Promise<void> {
    const buttons = this.#form.querySelectorAll<HTMLButtonElement>('.sheet-foot button');
    const button = submitter instanceof HTMLButtonElement ? submitter : undefined;
    const label = button?.textContent ?? '';
    this.#form.querySelector('.notice')?.remove();
    const fields = new FormData(this.#form, button);
    for (const one of buttons) one.disabled = true;
    const say = (text: string) => {
      if (button) button.textContent = text;
    };
    try {
      const command = await this.#command(fields, say);
      const outcome = await this.#options.send(command);
      if (outcome === 'executed') {
        if (this.#text) this.#options.onTyped(this.#text);
        if (fields.get('type') === 'prepare-poll') await this.#options.saved();
        else this.#options.close();
      } else this.#showError(outcome === 'failed' ? t('offline-not-sent') : outcome.rejected);
    } catch (error) {
      this.#showError((error instanceof Error && error.message) || t('upload-failed'));
    }
    for (const one of buttons) one.disabled = false;
    say(label);
  }

  /** The poll as a command, once its images are uploaded. @param say says how far that is */
  async #command(fields: FormData, say: (text: string) => void): Promise<object> {
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
    const files = await Promise.all(
      options.map(({ image, kept }) => (kept === '' ? upload(image) : kept)),
    );
    return {
      ...Object.fromEntries(fields),
      options: options.map(({ text }) => text),
      files: files.some(Boolean) ? files : [],
    };
  }

  #showError(text: string): void {
    showError(this.#form, text);
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

/** The form of a page and the list before it; nothing if it could not be loaded. */
function parsePage(html: string | undefined) {
  if (html === undefined) return undefined;
  const main = parseFragments(html).find((element) => element.matches('main'));
  const form = main?.querySelector<HTMLFormElement>('#poll-form');
  return form ? { form, prepared: main?.querySelector('#prepared-polls') } : undefined;
}
