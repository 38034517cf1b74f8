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
  readonly upload: Upload;
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
    // Users who go on typing send the message themselves.
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
  get isUnsaved(): boolean {
    return this.#all.some((attachment) => attachment.isUnsaved);
  }

  /**
   * Restores the files that were attached when the page was left.
   * @param isCopy whether another tab has them, too
   */
  restore(isCopy: boolean): void {
    const { files, isOwn } = this.#options.draft;
    if (isOwn || !isCopy) this.restoreSent(files, isOwn ? undefined : t('file-expired'));
  }

  /** Removes and returns the files; if they are not all uploaded, returns nothing and shows why. */
  consume(): readonly UploadedFile[] | undefined {
    if (this.#all.some(({ state }) => state === 'failed')) {
      this.#options.notice(t('uploads-failed'));
      return undefined;
    }
    if (this.#all.some(({ state }) => state !== 'uploaded')) {
      this.#sendWhenReady = true;
      this.#options.notice(t('uploads-pending'));
      return undefined;
    }
    const files = this.#all.flatMap((attachment) => {
      if (attachment.uploaded) this.#sent.set(attachment.uploaded.id, attachment);
      return attachment.uploaded ?? [];
    });
    this.#set([]);
    return files;
  }

  /**
   * Restores the files of a message that was not posted, before the current ones.
   * @param lost why no message can carry them, if none can
   */
  restoreSent(files: readonly UploadedFile[], lost?: string): void {
    const restored = files.map((file) => this.#sent.get(file.id) ?? this.#attachment(file));
    if (lost !== undefined) for (const attachment of restored) attachment.fail(lost, true);
    this.#set([...restored, ...this.#all]);
  }

  #add(files: Iterable<File>): void {
    const maxMiB = Number(this.#input?.dataset.max);
    const added = [...files].map((file) => {
      const attachment = this.#attachment(file);
      if (file.size > maxMiB * MIB) attachment.fail(t('file-too-large', { max: maxMiB }), false);
      return attachment;
    });
    const all = [...this.#all, ...added];
    if (all.length > MAX_FILES) this.#options.notice(t('too-many-files'));
    this.#set(all.slice(0, MAX_FILES));
    this.#upload();
    this.#field.focus();
  }

  #attachment(file: File | UploadedFile): Attachment {
    return new Attachment(file, {
      retry: (attachment) => this.#retry(attachment),
      remove: (attachment) => this.#remove(attachment),
    });
  }

  #retry(attachment: Attachment): void {
    attachment.state = 'waiting';
    this.#upload();
  }

  #remove(attachment: Attachment): void {
    this.#set(this.#all.filter((other) => other !== attachment));
    this.#upload();
    this.#field.focus();
  }

  /** Uploads waiting files, a few at once; when all are uploaded, sends the message that waits. */
  #upload(): void {
    this.#store();
    const uploading = this.#all.filter(({ state }) => state === 'uploading').length;
    const waiting = this.#all.filter(({ state }) => state === 'waiting');
    for (const attachment of waiting.slice(0, Math.max(0, MAX_PARALLEL - uploading))) {
      void attachment.upload(this.#options.upload).then(() => this.#upload());
    }
    if (!this.#sendWhenReady || this.#all.some(({ state }) => state !== 'uploaded')) return;
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
    this.#store();
  }

  #store(): void {
    const files = this.#all.flatMap(
      ({ state, uploaded }) => (state === 'uploaded' && uploaded) || [],
    );
    this.#options.draft.write(files);
  }
}
