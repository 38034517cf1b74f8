import { byId } from '../lib/dom.ts';
import { isOfInputMethod } from '../lib/input-keys.ts';
import { messagesIn } from './message-window.ts';

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
      for (const { addedNodes } of changes) {
        for (const added of addedNodes) this.#onAdded(added);
      }
      if (changes.some(({ target }) => target === this.#list)) this.#stopAtLast();
    }).observe(this.#list, { childList: true, subtree: true });
    // The messages that the page came with change only when something is added.
    this.#stopAtLast();
  }

  /** A text alone is what most changes are: a time, or a count. */
  #onAdded(added: Node): void {
    if (!(added instanceof HTMLElement)) return;
    const article = added.closest('article');
    if (!article) return;
    const inside = added.querySelectorAll<HTMLElement>(CONTROLS);
    this.#setTabIndex(article, added.matches(CONTROLS) ? [added, ...inside] : inside);
  }

  decorate(article: HTMLElement): void {
    this.#setTabIndex(article, [article, ...article.querySelectorAll<HTMLElement>(CONTROLS)]);
  }

  #setTabIndex(article: HTMLElement, controls: Iterable<HTMLElement>): void {
    const tabIndex = article === this.#current ? '0' : '-1';
    for (const control of controls) {
      // Without the attribute, a message has the index -1 and still takes no focus.
      if (control.getAttribute('tabindex') !== tabIndex) control.setAttribute('tabindex', tabIndex);
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
    return messagesIn(this.#list);
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
