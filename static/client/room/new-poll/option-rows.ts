import { isOfInputMethod } from '../../lib/input-keys.ts';
import { t } from '../../lib/messages.ts';
import { pastedRows } from './pasted-rows.ts';
import { showThumbnail } from './thumbnail.ts';

const MAX_ROWS = 20;
const MIN_ROWS = 2;

/** An option that is written. */
interface OptionRow {
  readonly text: string;
  readonly image: File | undefined;
  /** The id of the image that a prepared poll has. */
  readonly kept: string;
}

/**
 * The options of a poll that is written, a row each: Enter adds one, Backspace removes an empty one, and
 * pasted lines are rows of their own.
 */
export class OptionRows {
  readonly #fields: HTMLFieldSetElement;
  readonly #add: HTMLButtonElement;
  readonly #onOverflow: () => void;

  /**
   * @param fields the rows as the server rendered them
   * @param onOverflow there were more lines than rows
   */
  constructor(fields: HTMLFieldSetElement, onOverflow: () => void) {
    this.#fields = fields;
    this.#onOverflow = onOverflow;
    // Without a script these are the only other rows.
    fields.querySelector('.more-rows')?.remove();
    this.#add = button('add-option', `+ ${t('add-option')}`, () => this.#insertAfter()?.focus());
    fields.append(this.#add);
    for (const row of this.#rows) this.#decorate(row);
    this.#update();
    fields.addEventListener('keydown', (event) => this.#onKey(event));
    fields.addEventListener('paste', (event) => this.#onPaste(event));
    fields.addEventListener('change', ({ target }) => {
      if (target instanceof HTMLInputElement && target.type === 'file') showThumbnail(target);
    });
  }

  /** Those with a text or an image. */
  get options(): readonly OptionRow[] {
    return this.#rows
      .map((row) => ({
        text: textOf(row).value,
        image: imageOf(row)?.files?.[0],
        kept: keptOf(row)?.value ?? '',
      }))
      .filter(({ text, image, kept }) => text.trim() !== '' || image || kept !== '');
  }

  /** Moves the focus to the first row without a text. */
  focus(): void {
    const rows = this.#rows.map(textOf);
    (rows.find(({ value }) => value === '') ?? rows[0])?.focus();
  }

  get #rows(): readonly HTMLElement[] {
    return [...this.#fields.querySelectorAll<HTMLElement>('.option-row')];
  }

  #onKey(event: KeyboardEvent): void {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.type !== 'text' || isOfInputMethod(event))
      return;
    const row = this.#rows.find((one) => one.contains(field));
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const next = row?.nextElementSibling;
      if (next?.matches('.option-row')) textOf(next).focus();
      else if (field.value !== '') this.#insertAfter(row)?.focus();
    }
    if (event.key === 'Backspace' && row && isEmpty(row) && this.#rows.length > MIN_ROWS) {
      event.preventDefault();
      this.#remove(row);
    }
  }

  #onPaste(event: ClipboardEvent): void {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.type !== 'text') return;
    const { value, selectionStart, selectionEnd } = field;
    const selected = { value, start: selectionStart ?? 0, end: selectionEnd ?? 0 };
    const texts = pastedRows(selected, event.clipboardData?.getData('text/plain') ?? '');
    if (!texts) return;
    event.preventDefault();
    let row = this.#rows.find((one) => one.contains(field));
    for (const [index, text] of texts.entries()) {
      if (index > 0) row = this.#emptyAfter(row);
      if (!row) {
        this.#onOverflow();
        break;
      }
      textOf(row).value = text.slice(0, field.maxLength);
      textOf(row).focus();
    }
  }

  /** The next row if it is empty, or a new one. */
  #emptyAfter(row: HTMLElement | undefined): HTMLElement | undefined {
    const next = row?.nextElementSibling;
    if (next instanceof HTMLElement && next.matches('.option-row') && isEmpty(next)) return next;
    return this.#insertAfter(row)?.closest<HTMLElement>('.option-row') ?? undefined;
  }

  /** Adds a row. Returns its field; nothing if there are too many. */
  #insertAfter(row = this.#rows.at(-1)): HTMLInputElement | undefined {
    if (!row || this.#rows.length >= MAX_ROWS) return undefined;
    const added = row.cloneNode(true) as HTMLElement;
    added.querySelector('canvas')?.remove();
    added.querySelector('.kept-image')?.remove();
    added.querySelector('.option-image')?.classList.remove('has-image');
    for (const field of added.querySelectorAll('input')) {
      field.value = '';
      field.defaultValue = '';
    }
    added.querySelector('.remove-option')?.remove();
    this.#decorate(added);
    row.after(added);
    this.#update();
    return textOf(added);
  }

  #remove(row: HTMLElement): void {
    const near = row.previousElementSibling ?? row.nextElementSibling;
    row.remove();
    this.#update();
    const field = near?.matches('.option-row') ? textOf(near) : this.#rows.map(textOf)[0];
    field?.focus();
  }

  #decorate(row: HTMLElement): void {
    const remove = button('tool remove-option', '✕', () => this.#remove(row));
    row.append(remove);
  }

  /** Numbers the rows. */
  #update(): void {
    const rows = this.#rows;
    for (const [index, row] of rows.entries()) {
      const label = t('option-number', { number: index + 1 });
      const [field, image] = [textOf(row), imageOf(row)];
      field.ariaLabel = label;
      field.placeholder = label;
      if (image) image.ariaLabel = t('image-of-option', { number: index + 1 });
      const remove = row.querySelector<HTMLButtonElement>('.remove-option');
      if (!remove) continue;
      remove.ariaLabel = t('remove-option', { number: index + 1 });
      remove.disabled = rows.length <= MIN_ROWS;
    }
    this.#add.hidden = rows.length >= MAX_ROWS;
  }
}

function textOf(row: Element): HTMLInputElement {
  return row.querySelector('input[type="text"]') as HTMLInputElement;
}

function imageOf(row: Element): HTMLInputElement | null {
  return row.querySelector('input[type="file"]');
}

function keptOf(row: Element): HTMLSelectElement | null {
  return row.querySelector('.kept-image > select');
}

function isEmpty(row: Element): boolean {
  return textOf(row).value === '' && !imageOf(row)?.files?.length && !keptOf(row)?.value;
}

function button(className: string, text: string, onClick: () => void): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = `${className} quiet`;
  element.textContent = text;
  element.addEventListener('click', onClick);
  return element;
}
