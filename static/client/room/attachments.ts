import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { areFilesMeant } from '../lib/pasted.ts';
import { Attachment, type Upload } from './attachment.ts';
import type { FileDraft } from './file-draft.ts';
import type { UploadedFile } from './upload.ts';

/** The maximum number of files in a message, and of parallel uploads. */
const MAX_FILES = 20;
const MAX_PARALLEL = 2;
const MIB = 1024 * 1024;

interface Options {
  readonly bring: Upload;
  readonly draft: FileDraft;
  readonly notice: (text: string) => void;
}

/** The files of the next message: picked, dropped or pasted. */
export class Attachments {
  readonly #options: Options;
  readonly #list = byId('attached');
  readonly #field = byId<HTMLTextAreaElement>('message');
  /** Missing if the server accepts no files. */
  readonly #input = document.querySelector<HTMLInputElement>('#files');
  #all: Attachment[] = [];
  /** Sent attachments by id, in case the message is rejected. */
  readonly #sent = new Map<string, Attachment>();
  /** Whether the message is sent once its files are uploaded. */
  #sendWhenReady = false;

  constructor(options: Options) {
    this.#options = options;
    const input = this.#input;
    if (!input) return;
    byId('attach').addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      this.#add(input.files ?? []);
      input.value = '';
    });
    this.#field.addEventListener('paste', (event) => {
      const { clipboardData } = event;
      const files = [...(clipboardData?.files ?? [])];
      const text = clipboardData?.getData('text/plain') ?? '';
      if (
        !areFilesMeant(
          text,
          Array.from(files, ({ name }) => name),
        )
      )
        return;
      event.preventDefault();
      this.#add(files);
    });
    // Users who keep typing send the message themselves.
    this.#field.addEventListener('input', () => {
      this.#sendWhenReady = false;
    });
    for (const type of ['dragover', 'dragleave', 'drop'] as const) {
      document.addEventListener(type, (event) => this.#drag(event));
    }
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** Whether a file would be lost with the page. */
  get isOnlyHere(): boolean {
    return this.#all.some((one) => one.isOnlyHere);
  }

  /**
   * Restores the files that were there when the page was left.
   * @param isCopy whether another tab has them, too
   */
  restore(isCopy: boolean): void {
    const { files, isOwn } = this.#options.draft;
    if (isOwn || !isCopy) this.restoreSent(files, isOwn ? undefined : t('file-expired'));
  }

  /** Takes the files; if they are not all uploaded, returns nothing and shows why. */
  take(): readonly UploadedFile[] | undefined {
    if (this.#all.some(({ state }) => state === 'failed')) {
      this.#options.notice(t('uploads-failed'));
      return undefined;
    }
    if (this.#all.some(({ state }) => state !== 'there')) {
      this.#sendWhenReady = true;
      this.#options.notice(t('uploads-pending'));
      return undefined;
    }
    const files = this.#all.flatMap((one) => {
      if (one.uploaded) this.#sent.set(one.uploaded.id, one);
      return one.uploaded ?? [];
    });
    this.#set([]);
    return files;
  }

  /**
   * Restores the files of a message that was not posted, before the current ones.
   * @param lost why no message can carry them, if none can
   */
  restoreSent(files: readonly UploadedFile[], lost?: string): void {
    const given = files.map((file) => this.#sent.get(file.id) ?? this.#attachment(file));
    if (lost !== undefined) for (const one of given) one.fail(lost, true);
    this.#set([...given, ...this.#all]);
  }

  #add(files: Iterable<File>): void {
    const most = Number(this.#input?.dataset.max);
    const added = [...files].map((file) => {
      const one = this.#attachment(file);
      if (file.size > most * MIB) one.fail(t('file-too-large', { max: most }), false);
      return one;
    });
    const all = [...this.#all, ...added];
    if (all.length > MAX_FILES) this.#options.notice(t('too-many-files'));
    this.#set(all.slice(0, MAX_FILES));
    this.#upload();
    this.#field.focus();
  }

  #attachment(file: File | UploadedFile): Attachment {
    return new Attachment(file, {
      retry: (one) => this.#retry(one),
      remove: (one) => this.#remove(one),
    });
  }

  #retry(one: Attachment): void {
    one.state = 'waiting';
    this.#upload();
  }

  #remove(one: Attachment): void {
    this.#set(this.#all.filter((other) => other !== one));
    this.#upload();
    this.#field.focus();
  }

  /** Uploads waiting files, a few at once; when all are uploaded, sends the message that waits. */
  #upload(): void {
    this.#keep();
    const coming = this.#all.filter(({ state }) => state === 'coming').length;
    const waiting = this.#all.filter(({ state }) => state === 'waiting');
    for (const one of waiting.slice(0, Math.max(0, MAX_PARALLEL - coming))) {
      void one.upload(this.#options.bring).then(() => this.#upload());
    }
    if (!this.#sendWhenReady || this.#all.some(({ state }) => state !== 'there')) return;
    this.#sendWhenReady = false;
    byId<HTMLFormElement>('composer').requestSubmit();
  }

  #drag(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    const isOver = event.type === 'dragover' || (event.type !== 'drop' && event.relatedTarget);
    document.body.classList.toggle('dropping', Boolean(isOver));
    if (event.type === 'drop') this.#add(event.dataTransfer.files);
  }

  #set(all: Attachment[]): void {
    this.#all = all;
    this.#list.replaceChildren(...all.map(({ element }) => element));
    this.#list.hidden = all.length === 0;
    this.#keep();
  }

  #keep(): void {
    const files = this.#all.flatMap(({ state, uploaded }) => (state === 'there' && uploaded) || []);
    this.#options.draft.write(files);
  }
}
