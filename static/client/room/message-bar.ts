import { roomPath } from '../../../server/shared/routes.ts';
import { byId, messageId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { messageTitle } from './message-title.ts';

interface MessageBarOptions {
  readonly react: (article: HTMLElement, emoji: string) => void;
  readonly reply: (article: HTMLElement) => void;
  /** Opens the menu of a message, at its button in the bar. */
  readonly open: (article: HTMLElement) => void;
}

/** Whether something other than the message itself was clicked. */
const CONTROLS = 'a, button, input, select, textarea, label, summary, canvas, .poll-card';
/** On a touch screen nothing hovers: a tap or a long press opens the menu. */
const TOUCH = matchMedia('(hover: none)');

/** The bar with what is done most, at the message under the pointer or with the focus. */
export class MessageBar {
  readonly #options: MessageBarOptions;
  readonly #list = byId('messages');
  readonly #bar = byId('message-bar');
  readonly #more = byId<HTMLAnchorElement>('message-more');

  constructor(options: MessageBarOptions) {
    this.#options = options;
    this.#bar.remove();
    this.#bar.hidden = false;
    this.#list.addEventListener('pointerover', ({ target }) => this.#lookAt(target));
    this.#list.addEventListener('focusin', ({ target }) => this.#lookAt(target));
    this.#list.addEventListener('pointerleave', () => this.#hide());
    this.#list.addEventListener('focusout', () => this.#hide());
    this.#bar.addEventListener('click', (event) => this.#onClick(event));
    for (const type of ['click', 'contextmenu'] as const) {
      this.#list.addEventListener(type, (event) => this.#onTouch(event));
    }
  }

  #lookAt(target: EventTarget | null): void {
    if (TOUCH.matches || !(target instanceof Element)) return;
    const article = target.closest<HTMLElement>('article');
    if (article === this.#bar.parentElement) return;
    // The bar of the message with the focus is in use.
    if (this.#bar.contains(document.activeElement)) return;
    if (article?.matches('.message:not(.deleted)')) this.#show(article);
    else this.#bar.remove();
  }

  #show(article: HTMLElement): void {
    this.#more.href = `${roomPath(this.#list.dataset.room ?? '')}/messages/${messageId(article)}`;
    this.#more.ariaLabel = t('more-actions', messageTitle(article));
    article.append(this.#bar);
  }

  #hide(): void {
    const article = this.#bar.parentElement;
    if (!article?.matches(':hover, :focus-within')) this.#bar.remove();
  }

  #onClick(event: MouseEvent): void {
    const { target } = event;
    const article = this.#bar.closest('article');
    if (!article || !(target instanceof Element)) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const control = target.closest<HTMLElement>('a, button');
    if (!control) return;
    event.preventDefault();
    if (control === this.#more) this.#options.open(article);
    else if (control instanceof HTMLButtonElement) {
      if (control.value === 'reply') this.#options.reply(article);
      else this.#options.react(article, control.value);
    }
  }

  #onTouch(event: Event): void {
    const { target } = event;
    if (!TOUCH.matches || !(target instanceof Element) || target.closest(CONTROLS)) return;
    const article = target.closest<HTMLElement>('article.message:not(.deleted)');
    if (!article) return;
    event.preventDefault();
    this.#options.open(article);
  }
}
