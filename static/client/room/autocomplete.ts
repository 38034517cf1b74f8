import { byId, insertText } from '../lib/dom.ts';
import { isOfInputMethod } from '../lib/input-keys.ts';
import { t } from '../lib/messages.ts';
import type { Mentionable } from './mentionable.ts';
import { completeEmoji, getSuggestions, type Suggested } from './suggestions.ts';

const NONE = -1;

/**
 * Completes names, emoji and commands in the message field: a list box above it, while the focus
 * stays in the field. (A field of several lines may not have the role combobox; it may have
 * `aria-controls` and `aria-activedescendant`.)
 */
export class Autocomplete {
  readonly #field = byId<HTMLTextAreaElement>('message');
  readonly #list = byId('completions');
  readonly #people: () => Promise<readonly Mentionable[]>;
  #suggested: Suggested | undefined;
  /** The option that Enter accepts, if any. */
  #chosen = NONE;
  /** Where the text begins whose completion was dismissed. */
  #dismissedAt: number | undefined;

  /** @param people who may be mentioned */
  constructor(people: () => Promise<readonly Mentionable[]>) {
    this.#people = people;
    this.#field.addEventListener('input', (event) => {
      void this.#update(event instanceof InputEvent && event.isComposing);
    });
    this.#field.addEventListener('compositionend', () => void this.#update(false));
    this.#field.addEventListener('click', () => this.#close());
    this.#field.addEventListener('blur', () => this.#close());
    // Before the field's own keys: Enter accepts, and does not send.
    this.#field.addEventListener('keydown', (event) => this.#key(event), { capture: true });
    // Clicks in the list do not take the focus from the field.
    this.#list.addEventListener('pointerdown', (event) => event.preventDefault());
    this.#list.addEventListener('click', ({ target }) => {
      const option = target instanceof Element ? target.closest('[role=option]') : null;
      if (option) this.#choose([...this.#list.children].indexOf(option));
    });
  }

  get #before(): string {
    return this.#field.value.slice(0, this.#field.selectionStart);
  }

  async #update(isComposing: boolean): Promise<void> {
    const before = this.#before;
    // Text that an input method composes must not be changed.
    const complete = isComposing ? undefined : await completeEmoji(before);
    if (complete && before === this.#before)
      return insertText(this.#field, complete.emoji, complete.from);
    const suggested = await getSuggestions(before, this.#people);
    // The text changed while the suggestions were loaded.
    if (before !== this.#before) return;
    if (suggested?.context.from !== this.#dismissedAt) this.#dismissedAt = undefined;
    if (suggested && this.#dismissedAt === undefined && document.activeElement === this.#field) {
      this.#show(suggested);
    } else {
      this.#close();
    }
  }

  #key(event: KeyboardEvent): void {
    if (!this.#suggested || isOfInputMethod(event) || event.shiftKey) return;
    const last = this.#suggested.all.length - 1;
    const chosen = this.#chosen;
    if (event.key === 'ArrowDown') this.#mark(chosen === last ? 0 : chosen + 1);
    else if (event.key === 'ArrowUp') this.#mark(chosen <= 0 ? last : chosen - 1);
    else if (event.key === 'Enter' && chosen !== NONE) this.#choose(chosen);
    else if (event.key === 'Tab') this.#choose(Math.max(chosen, 0));
    else if (event.key === 'Escape') {
      this.#dismissedAt = this.#suggested.context.from;
      this.#close();
    } else {
      // Nothing was selected: Enter is meant for the message.
      if (event.key === 'Enter') this.#close();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #show(suggested: Suggested): void {
    this.#suggested = suggested;
    this.#list.className = `completions ${suggested.context.kind}`;
    this.#list.replaceChildren(
      ...suggested.all.map(({ shown, hint }, index) => option(index, shown, hint)),
    );
    this.#list.hidden = false;
    this.#field.setAttribute('aria-controls', this.#list.id);
    this.#mark(suggested.context.isMeant ? 0 : NONE);
    byId('spoken').textContent = t('suggestions', { count: suggested.all.length });
  }

  #close(): void {
    if (!this.#suggested) return;
    this.#suggested = undefined;
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#field.removeAttribute('aria-controls');
    this.#field.removeAttribute('aria-activedescendant');
    byId('spoken').textContent = '';
  }

  #mark(chosen: number): void {
    this.#chosen = chosen;
    this.#field.removeAttribute('aria-activedescendant');
    for (const [index, element] of [...this.#list.children].entries()) {
      element.ariaSelected = `${index === chosen}`;
      if (index !== chosen) continue;
      element.scrollIntoView({ block: 'nearest' });
      this.#field.setAttribute('aria-activedescendant', element.id);
    }
  }

  #choose(index: number): void {
    const suggestion = this.#suggested?.all[index];
    if (!this.#suggested || !suggestion) return;
    const { from } = this.#suggested.context;
    this.#close();
    insertText(this.#field, suggestion.insert, from);
  }
}

function option(index: number, shown: string, hint: string): HTMLElement {
  const element = document.createElement('li');
  element.role = 'option';
  element.id = `completion-${index}`;
  const what = document.createElement('b');
  what.dir = 'auto';
  what.textContent = shown;
  element.append(what);
  if (hint) {
    const small = document.createElement('small');
    small.textContent = hint;
    element.append(small);
  }
  return element;
}
