import { byId } from '../lib/dom.ts';
import { isOfInputMethod } from '../lib/input-keys.ts';

const ARTICLES = ':scope > article';
const CONTROLS = 'a[href], button, input, select, textarea, summary';

/**
 * The keyboard among the messages. The list is one Tab stop: the arrow keys lead from message to
 * message, Tab into the one that has the focus, and Esc to the composer.
 */
export class MessageFocus {
  readonly #list = byId('messages');
  readonly #open: (article: HTMLElement) => void;
  /** The message that Tab stops at. */
  #current: HTMLElement | undefined;

  /** @param open opens the menu of a message */
  constructor(open: (article: HTMLElement) => void) {
    this.#open = open;
    this.#list.addEventListener('keydown', (event) => this.#onKey(event));
    this.#list.addEventListener('focusin', ({ target }) => {
      const article = target instanceof Element && target.closest<HTMLElement>('article');
      if (article) this.#stopAt(article);
    });
    // A part of a message may be replaced, as the results of a poll are.
    new MutationObserver((changes) => {
      const articles = changes.map(({ target }) => (target as Element).closest?.('article'));
      for (const article of new Set(articles)) {
        if (article instanceof HTMLElement) this.#setControls(article);
      }
      this.#stopAtLast();
    }).observe(this.#list, { childList: true, subtree: true });
  }

  decorate(article: HTMLElement): void {
    article.tabIndex = article === this.#current ? 0 : -1;
    this.#setControls(article);
  }

  #setControls(article: HTMLElement): void {
    const tabIndex = article === this.#current ? 0 : -1;
    for (const control of article.querySelectorAll<HTMLElement>(CONTROLS)) {
      if (control.tabIndex !== tabIndex) control.tabIndex = tabIndex;
    }
  }

  #stopAt(article: HTMLElement | undefined): void {
    const before = this.#current;
    if (before === article) return;
    this.#current = article;
    if (before) this.decorate(before);
    if (article) this.decorate(article);
  }

  #stopAtLast(): void {
    // If the focus is among the messages, it stays where it is.
    if (this.#current?.isConnected && this.#list.contains(document.activeElement)) return;
    this.#stopAt(this.#articles.at(-1));
  }

  get #articles(): readonly HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>(ARTICLES)];
  }

  #onKey(event: KeyboardEvent): void {
    const { target, key } = event;
    if (!(target instanceof HTMLElement) || isOfInputMethod(event)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const article = target.closest<HTMLElement>('article');
    if (key === 'Escape') {
      // Esc closes nothing else.
      event.stopPropagation();
      byId('message').focus();
    } else if (target === article) this.#onMessageKey(event, article);
  }

  #onMessageKey(event: KeyboardEvent, article: HTMLElement): void {
    const next = this.#next(event.key, article);
    if (next) {
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') this.#open(article);
    else return;
    event.preventDefault();
  }

  #next(key: string, article: HTMLElement): HTMLElement | undefined {
    const articles = this.#articles;
    if (key === 'Home') return articles[0];
    if (key === 'End') return articles.at(-1);
    if (key !== 'ArrowUp' && key !== 'ArrowDown') return undefined;
    return articles[articles.indexOf(article) + (key === 'ArrowUp' ? -1 : 1)] ?? article;
  }
}
