import { sizeOf } from '../../server/file-size.ts';
import { NotTaken, type TakenFile } from './upload.ts';
import { say } from './words.ts';

export type Bring = (
  file: File,
  onProgress: (part: number) => void,
  signal: AbortSignal,
) => Promise<TakenFile>;

interface Hooks {
  readonly retry: (attachment: Attachment) => void;
  readonly remove: (attachment: Attachment) => void;
}

/** A file that is to be sent, as one entry of the list above the field. */
export class Attachment {
  readonly element = document.createElement('li');
  readonly #file: File;
  readonly #progress = document.createElement('progress');
  readonly #note = document.createElement('span');
  readonly #retry: HTMLButtonElement;
  readonly #abort = new AbortController();
  state: 'waiting' | 'coming' | 'there' | 'failed' = 'waiting';
  /** What the server calls it, once it is there. */
  id = '';

  constructor(file: File, { retry, remove }: Hooks) {
    this.#file = file;
    const name = document.createElement('bdi');
    name.textContent = file.name;
    this.#note.className = 'small';
    this.#note.textContent = sizeOf(file.size);
    this.#progress.ariaLabel = file.name;
    this.#progress.value = 0;
    this.#retry = button('↻', say('retry-file', { name: file.name }), () => retry(this));
    this.#retry.hidden = true;
    const away = button('✕', say('remove-file', { name: file.name }), () => {
      this.#abort.abort();
      remove(this);
    });
    this.element.append(name, this.#note, this.#progress, this.#retry, away);
  }

  /** It cannot be brought, or could not. */
  fail(why: string, mayRetry: boolean): void {
    this.state = 'failed';
    this.#progress.hidden = true;
    this.#retry.hidden = !mayRetry;
    this.element.className = 'failed';
    this.#note.role = 'alert';
    this.#note.textContent = why;
  }

  async bring(bring: Bring): Promise<void> {
    this.state = 'coming';
    this.element.className = '';
    this.#retry.hidden = true;
    this.#progress.hidden = false;
    this.#note.textContent = sizeOf(this.#file.size);
    try {
      this.#take(await bring(this.#file, (part) => this.#show(part), this.#abort.signal));
    } catch (error) {
      const why = error instanceof Error ? error.message : '';
      this.fail(why || say('file-failed'), !(error instanceof NotTaken));
    }
  }

  #take({ id, path, type, size }: TakenFile): void {
    this.state = 'there';
    this.id = id;
    this.#progress.hidden = true;
    this.element.className = 'there';
    this.#note.textContent = type ? sizeOf(size) : `${sizeOf(size)}, ${say('as-it-is')}`;
    if (!type) return;
    // As all others will see it: what the server made of it.
    const image = new Image(40, 40);
    image.src = `${path}?preview`;
    image.alt = '';
    this.element.prepend(image);
  }

  #show(part: number): void {
    // All of it has gone; what the server makes of it takes as long as it takes.
    if (part < 1) this.#progress.value = part;
    else this.#progress.removeAttribute('value');
  }
}

function button(sign: string, label: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'quiet';
  made.textContent = sign;
  made.ariaLabel = label;
  made.title = label;
  made.addEventListener('click', act);
  return made;
}
