import { roomPath } from '../../../server/shared/routes.ts';
import { byId, messageId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';

interface MessageMenuOptions {
  /** Sends a command to the room. */
  readonly send: (command: object) => void;
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
  readonly #confirmDialog = byId<HTMLDialogElement>('confirm-delete');
  /** The message it is open for. */
  #article: HTMLElement | undefined;
  /** The menu button that Tab stops at; the arrow keys lead to the others. */
  #rovingTabStop: HTMLElement | undefined;
  #ownUid = '';

  constructor(options: MessageMenuOptions) {
    this.#options = options;
    this.#messages.addEventListener('click', (event) => this.#onClick(event));
    this.#messages.addEventListener('keydown', (event) => this.#onKey(event));
    this.#messages.addEventListener('submit', (event) => this.#onReaction(event));
    this.#menu.addEventListener('submit', (event) => this.#onEmoji(event));
    this.#menu.addEventListener('click', ({ target }) => {
      // A click outside the menu is on its backdrop.
      if (target === this.#menu) this.#menu.close();
      if (target instanceof HTMLButtonElement && target.type === 'button') this.#do(target.value);
    });
    this.#more.addEventListener('click', () => this.#showAll(this.#all.hidden === true));
    this.#confirmDialog.addEventListener('close', () => {
      if (this.#confirmDialog.returnValue === 'delete') this.#send({ type: 'delete' });
    });
  }

  setOwnId(uid: string): void {
    this.#ownUid = uid.slice(0, 8);
  }

  /** Shows which reactions are the user's own. */
  decorate(article: HTMLElement): void {
    for (const button of article.querySelectorAll<HTMLElement>('.reaction')) {
      const { uids = '' } = button.dataset;
      button.ariaPressed = `${this.#ownUid !== '' && uids.split(' ').includes(this.#ownUid)}`;
    }
    const link = this.#menuButton(article);
    if (link) link.tabIndex = link === this.#rovingTabStop ? 0 : -1;
    if (!this.#rovingTabStop?.isConnected || (link && !article.nextElementSibling))
      this.#stopAtLast();
  }

  /** The button that opens the menu of a message; a deleted message has none. */
  #menuButton(article: HTMLElement): HTMLElement | undefined {
    const here = article.querySelector<HTMLElement>('.message-menu-button');
    if (article.matches('.deleted')) here?.remove();
    if (here || article.matches('.deleted')) return here?.isConnected ? here : undefined;
    const link = document.createElement('a');
    link.id = `menu-${messageId(article)}`;
    link.className = 'message-menu-button client-only';
    link.href = `${roomPath(this.#messages.dataset.room ?? '')}/messages/${messageId(article)}`;
    link.ariaLabel = t('message-actions');
    link.textContent = '⋯';
    article.append(link);
    return link;
  }

  #stopAtLast(): void {
    // If the focus is among the messages, it stays where it is.
    if (this.#rovingTabStop?.isConnected && this.#messages.contains(document.activeElement)) return;
    const [...links] = this.#messages.querySelectorAll<HTMLElement>('.message-menu-button');
    this.#stopAt(links.at(-1));
  }

  #stopAt(link: HTMLElement | undefined): void {
    if (this.#rovingTabStop) this.#rovingTabStop.tabIndex = -1;
    this.#rovingTabStop = link;
    if (link) link.tabIndex = 0;
  }

  #onClick(event: MouseEvent): void {
    const { target } = event;
    if (!(target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = target.closest<HTMLElement>('.message-menu-button');
    const quote = target.closest<HTMLElement>('.quote');
    const article = link?.closest<HTMLElement>('article');
    const answered = quote && document.getElementById(`m-${quote.dataset.of}`);
    if (link && article) this.#open(article, link);
    else if (answered) this.#options.show(answered);
    else return;
    event.preventDefault();
  }

  /** The arrow keys lead from message to message. */
  #onKey(event: KeyboardEvent): void {
    const { target, key } = event;
    if (!(target instanceof HTMLElement) || !target.matches('.message-menu-button')) return;
    if (key !== 'ArrowUp' && key !== 'ArrowDown') return;
    event.preventDefault();
    const [...links] = this.#messages.querySelectorAll<HTMLElement>('.message-menu-button');
    const next = links[links.indexOf(target) + (key === 'ArrowUp' ? -1 : 1)];
    if (!next) return;
    this.#stopAt(next);
    next.focus();
  }

  #open(article: HTMLElement, link: HTMLElement): void {
    this.#article = article;
    this.#stopAt(link);
    this.#showAll(false);
    const isOwn = article.classList.contains('own');
    const canModerate = document.body.classList.contains('can-moderate');
    const mayDelete = isOwn || canModerate;
    const pin = this.#button('pin');
    pin.hidden = !canModerate;
    pin.textContent = t(article.classList.contains('pinned') ? 'unpin' : 'pin');
    this.#button('edit').hidden = !isOwn || article.classList.contains('poll');
    this.#button('delete').hidden = !mayDelete;
    this.#menu.showModal();
    this.#position(link);
    this.#menu.querySelector('button')?.focus();
  }

  /** Positions the menu at its button, entirely on the screen. */
  #position(link: HTMLElement): void {
    const { left, top, bottom } = link.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.#menu;
    const x = Math.min(left, innerWidth - offsetWidth - 8);
    const y = bottom + offsetHeight > innerHeight ? top - offsetHeight : bottom;
    this.#menu.style.left = `${Math.max(8, x)}px`;
    this.#menu.style.top = `${Math.max(8, y)}px`;
  }

  #showAll(isShown: boolean): void {
    this.#all.hidden = !isShown;
    this.#more.ariaExpanded = `${isShown}`;
    const link = this.#article?.querySelector<HTMLElement>('.message-menu-button');
    if (isShown && link) this.#position(link);
  }

  #do(what: string): void {
    const article = this.#article;
    if (!article || what === '') return;
    this.#menu.close();
    if (what === 'reply') this.#options.reply(article);
    if (what === 'edit') this.#options.edit(article);
    if (what === 'pin') this.#options.pin(article);
    if (what !== 'delete') return;
    this.#confirmDialog.returnValue = '';
    this.#confirmDialog.showModal();
  }

  #onEmoji(event: SubmitEvent): void {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement)) return;
    const emoji = new FormData(event.target, event.submitter).get('emoji');
    event.target.reset();
    this.#menu.close();
    this.#send({ type: 'react', emoji });
  }

  /** A click on a reaction toggles the user's own. */
  #onReaction(event: SubmitEvent): void {
    if (!(event.target instanceof HTMLFormElement) || !event.target.matches('.reactions')) return;
    event.preventDefault();
    const form = new FormData(event.target, event.submitter);
    this.#options.send(Object.fromEntries(form));
  }

  #send(command: object): void {
    const id = Number(this.#article?.id.slice('m-'.length));
    this.#options.send({ ...command, id });
  }

  #button(what: string): HTMLElement {
    return this.#menu.querySelector(`[value=${what}]`) as HTMLElement;
  }
}
