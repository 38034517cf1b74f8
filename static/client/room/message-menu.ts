import { copyText } from '../lib/clipboard.ts';
import { byId, closeOnBackdrop, isRendered, messageId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { toast } from '../lib/toast.ts';
import { messageTitle } from './message-title.ts';
import { mayWrite } from './write-denial.ts';

interface MessageMenuOptions {
  /** Sends a command to the room. */
  readonly send: (command: object) => void;
  /** The same once the user confirms it. */
  readonly sendConfirmed: (command: object, done?: string) => void;
  readonly reply: (article: HTMLElement) => void;
  readonly edit: (article: HTMLElement) => void;
  /** Shows a message that is on the page. */
  readonly show: (article: HTMLElement) => void;
  /** Pins or unpins it. */
  readonly pin: (article: HTMLElement) => void;
}

/** The menu of a message: react, reply, and edit or delete the user's own. */
export class MessageMenu {
  readonly #options: MessageMenuOptions;
  readonly #messages = byId('messages');
  readonly #menu = byId<HTMLDialogElement>('message-menu');
  readonly #more = byId('more-emoji');
  readonly #all = byId('all-emoji');
  /** The message it is open for. */
  #article: HTMLElement | undefined;
  /** The user's own uids, shortened as in the reactions. */
  #own: readonly string[] = [];

  constructor(options: MessageMenuOptions) {
    this.#options = options;
    this.#messages.addEventListener('click', (event) => this.#onClick(event));
    this.#messages.addEventListener('submit', (event) => this.#onReaction(event));
    this.#menu.addEventListener('submit', (event) => this.#onEmoji(event));
    this.#menu.addEventListener('click', ({ target }) => {
      if (target instanceof HTMLButtonElement && target.type === 'button') this.#do(target.value);
    });
    closeOnBackdrop(this.#menu);
    this.#more.addEventListener('click', () => this.#showAll(this.#all.hidden === true));
  }

  setOwnIds(uids: readonly string[]): void {
    this.#own = uids.map((uid) => uid.slice(0, 8));
  }

  /** Shows which reactions are the user's own. */
  decorate(article: HTMLElement): void {
    for (const button of article.querySelectorAll<HTMLButtonElement>('.reaction')) {
      button.disabled = !mayWrite();
      const uids = button.dataset.uids?.split(' ') ?? [];
      button.ariaPressed = `${this.#own.some((uid) => uids.includes(uid))}`;
    }
  }

  #onClick(event: MouseEvent): void {
    const { target } = event;
    if (!(target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const quote = target.closest<HTMLElement>('.quote');
    const answered = quote && document.getElementById(`m-${quote.dataset.of}`);
    if (!answered) return;
    this.#options.show(answered);
    event.preventDefault();
  }

  /** Opens it for a message; a deleted message has none. */
  open(article: HTMLElement): void {
    if (!article.matches('.message:not(.deleted)')) return;
    this.#article = article;
    this.#showAll(false);
    this.#menu.ariaLabel = t('more-actions', messageTitle(article));
    const isOwn = article.classList.contains('own');
    const canModerate = document.body.classList.contains('can-moderate');
    const mayDelete = isOwn || canModerate;
    const pin = this.#button('pin');
    pin.hidden = !canModerate;
    pin.textContent = t(article.classList.contains('pinned') ? 'unpin' : 'pin');
    this.#button('copy').hidden = article.querySelector('.body') === null;
    this.#button('edit').hidden = !isOwn || article.classList.contains('poll');
    this.#button('report').hidden = isOwn;
    this.#button('delete').hidden = !mayDelete;
    this.#menu.showModal();
    this.#position(article);
    this.#firstButton?.focus();
  }

  /** Of what the user may do. */
  get #firstButton(): HTMLElement | undefined {
    const buttons = [...this.#menu.querySelectorAll('button')];
    return buttons.find((button) => isRendered(button));
  }

  /** Positions the menu at its message, entirely on the screen; a bottom sheet has its place. */
  #position(article: HTMLElement): void {
    const at = article.querySelector('.message-menu-button') ?? article;
    const { right, top, bottom } = at.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.#menu;
    const x = Math.min(right, innerWidth - 8) - offsetWidth;
    const y = bottom + offsetHeight > innerHeight ? top - offsetHeight : bottom;
    this.#menu.style.setProperty('--x', `${Math.max(8, x)}px`);
    this.#menu.style.setProperty('--y', `${Math.max(8, y)}px`);
  }

  #showAll(isShown: boolean): void {
    this.#all.hidden = !isShown;
    this.#more.ariaExpanded = `${isShown}`;
    if (isShown && this.#article) this.#position(this.#article);
  }

  #do(what: string): void {
    const article = this.#article;
    if (!article || what === '') return;
    this.#menu.close();
    if (what === 'reply') this.#options.reply(article);
    if (what === 'edit') this.#options.edit(article);
    if (what === 'pin') this.#options.pin(article);
    if (what === 'copy') void this.#copy(article);
    if (what === 'link') void copied(linkTo(article));
    if (what === 'report') this.#report(article);
    if (what === 'delete') this.#options.sendConfirmed({ type: 'delete', id: messageId(article) });
  }

  #report(article: HTMLElement): void {
    this.#options.sendConfirmed({ type: 'report', id: messageId(article) }, t('reported'));
  }

  async #copy(article: HTMLElement): Promise<void> {
    const body = article.querySelector<HTMLElement>('.body');
    // The text as it is shown, but not what the page has added to it.
    body?.classList.add('as-posted');
    const text = body?.innerText ?? '';
    body?.classList.remove('as-posted');
    await copied(text);
  }

  /** Sets the user's reaction, or removes it. */
  react(article: HTMLElement, emoji: FormDataEntryValue | null): void {
    const buttons = [...article.querySelectorAll<HTMLButtonElement>('.reaction')];
    const enabled = wantedReaction(buttons.find(({ value }) => value === emoji));
    this.#options.send({ type: 'react', id: messageId(article), emoji, enabled });
  }

  #onEmoji(event: SubmitEvent): void {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement)) return;
    const emoji = new FormData(event.target, event.submitter).get('emoji');
    event.target.reset();
    this.#menu.close();
    if (this.#article) this.react(this.#article, emoji);
  }

  /** A click on a reaction toggles the user's own. */
  #onReaction(event: SubmitEvent): void {
    if (!(event.target instanceof HTMLFormElement) || !event.target.matches('.reactions')) return;
    event.preventDefault();
    const article = event.target.closest('article');
    if (article) this.react(article, new FormData(event.target, event.submitter).get('emoji'));
  }

  #button(what: string): HTMLElement {
    return this.#menu.querySelector(`[value=${what}]`) as HTMLElement;
  }
}

/**
 * Whether the user's reaction is to be set, which the server can be told again without harm. A message
 * that many react to does not name all of them: there the server has to know.
 */
function wantedReaction(button: HTMLButtonElement | undefined): boolean | undefined {
  if (!button) return true;
  if (button.ariaPressed === 'true') return false;
  const named = button.dataset.uids?.split(' ').length;
  return named === Number(button.querySelector('span')?.textContent) ? true : undefined;
}

function linkTo(article: HTMLElement): string {
  return article.querySelector<HTMLAnchorElement>('a.at')?.href ?? '';
}

async function copied(text: string): Promise<void> {
  toast(t((await copyText(text)) ? 'copied' : 'copy-failed'));
}
