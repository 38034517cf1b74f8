import { formatBytes } from '../../../server/shared/format-bytes.ts';
import { t } from '../lib/messages.ts';
import { type UploadedFile, UploadRejected } from './upload.ts';

export type Upload = (
  file: File,
  onProgress: (part: number) => void,
  signal: AbortSignal,
) => Promise<UploadedFile>;

interface Hooks {
  readonly retry: (attachment: Attachment) => void;
  readonly remove: (attachment: Attachment) => void;
}

/** A file to be sent, as an entry of the list above the field. */
export class Attachment {
  readonly element = document.createElement('li');
  /** Empty if the page was reloaded since the file was chosen. */
  readonly #file: File | undefined;
  readonly #progress = document.createElement('progress');
  readonly #note = document.createElement('span');
  readonly #retry: HTMLButtonElement;
  readonly #abort = new AbortController();
  state: 'waiting' | 'uploading' | 'uploaded' | 'failed' = 'waiting';
  /** As the server has it, once it is uploaded. */
  uploaded: UploadedFile | undefined;

  constructor(file: File | UploadedFile, { retry, remove }: Hooks) {
    const { name, size } = file;
    this.#file = file instanceof File ? file : undefined;
    const title = document.createElement('bdi');
    title.textContent = name;
    this.#note.className = 'small';
    this.#note.textContent = formatBytes(size);
    this.#progress.ariaLabel = name;
    this.#progress.value = 0;
    this.#retry = button('↻', t('retry-file', { name }), () => retry(this));
    this.#retry.hidden = true;
    const removeButton = button('✕', t('remove-file', { name }), () => {
      this.#abort.abort();
      remove(this);
    });
    this.element.append(title, this.#note, this.#progress, this.#retry, removeButton);
    if (!(file instanceof File)) this.#setUploaded(file);
  }

  /** Whether it is not on the server, and may still be uploaded. */
  get isUnsaved(): boolean {
    const mayUpload = this.state === 'failed' ? !this.#retry.hidden : this.state !== 'uploaded';
    return this.#file !== undefined && mayUpload;
  }

  /** It cannot be uploaded, the upload failed, or the server does not have it any more. */
  fail(why: string, mayRetry: boolean): void {
    this.state = 'failed';
    this.#progress.hidden = true;
    this.#retry.hidden = !mayRetry || !this.#file;
    this.element.className = 'failed';
    this.#note.role = 'alert';
    this.#note.textContent = why;
  }

  async upload(uploadFile: Upload): Promise<void> {
    const file = this.#file;
    if (!file) return;
    this.state = 'uploading';
    this.element.className = '';
    this.#retry.hidden = true;
    this.#progress.hidden = false;
    this.#note.role = null;
    this.#note.textContent = formatBytes(file.size);
    try {
      this.#setUploaded(await uploadFile(file, (part) => this.#show(part), this.#abort.signal));
    } catch (error) {
      const why = error instanceof Error ? error.message : '';
      this.fail(why || t('upload-failed'), !(error instanceof UploadRejected));
    }
  }

  #setUploaded(uploaded: UploadedFile): void {
    const { path, type, size, isFirstFrame } = uploaded;
    this.state = 'uploaded';
    this.uploaded = uploaded;
    this.#progress.hidden = true;
    this.element.className = 'uploaded';
    const notes = [
      ...(type ? [] : [t('sent-unchanged')]),
      ...(isFirstFrame ? [t('first-frame')] : []),
    ];
    this.#note.textContent = [formatBytes(size), ...notes].join(', ');
    if (!type) return;
    // The image as it will be posted: what the server made of it.
    const image = new Image(40, 40);
    image.src = `${path}?preview`;
    image.alt = '';
    this.element.querySelector('img')?.remove();
    this.element.prepend(image);
  }

  #show(part: number): void {
    // All of it is sent; how long the server processes it is unknown.
    if (part < 1) this.#progress.value = part;
    else this.#progress.removeAttribute('value');
  }
}

function button(symbol: string, label: string, onClick: () => void): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = 'quiet';
  element.textContent = symbol;
  element.ariaLabel = label;
  element.title = label;
  element.addEventListener('click', onClick);
  return element;
}
