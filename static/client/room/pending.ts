import type { Entry } from '../connection/outbox.ts';
import { localizeTime } from '../lib/clock.ts';
import { completeMessage } from '../lib/complete-message.ts';
import { byId } from '../lib/dom.ts';
import { guestName } from '../lib/guest-name.ts';
import { initials } from '../lib/initials.ts';
import { t } from '../lib/messages.ts';
import { group } from './group.ts';
import type { UploadedFile } from './upload.ts';

/** A message that comes back within this time shows no status. */
const SLOW_AFTER_MS = 1_000;

interface PendingOptions {
  readonly isLive: () => boolean;
  /** The client's own uid and name, if any. */
  readonly who: () => { readonly uid: string; readonly name: string | undefined };
  readonly cancel: (cid: string) => void;
  readonly retry: () => void;
  /** The height has changed. */
  readonly onResize: () => void;
}

/** Pending messages, below the others and as they will look among them. */
export class Pending {
  readonly #options: PendingOptions;
  readonly #list = byId('waiting');
  readonly #template = byId<HTMLTemplateElement>('pending');
  readonly #shown = new Map<string, HTMLElement>();
  #entries: readonly Entry[] = [];

  constructor(options: PendingOptions) {
    this.#options = options;
    this.#list.addEventListener('click', ({ target }) => {
      if (!(target instanceof HTMLButtonElement)) return;
      const { cid } = target.closest('article')?.dataset ?? {};
      if (target.matches('.cancel-sending') && cid !== undefined) options.cancel(cid);
      else options.retry();
    });
  }

  /** Shows the pending messages and their status. */
  show(entries: readonly Entry[] = this.#entries): void {
    this.#entries = entries;
    const cids = new Set(entries.map(({ cid }) => cid));
    for (const [cid, article] of this.#shown) if (!cids.has(cid)) this.#remove(cid, article);
    for (const entry of entries) this.#decorate(this.#article(entry), entry);
    this.#options.onResize();
  }

  #remove(cid: string, article: HTMLElement): void {
    const hadFocus = article.contains(document.activeElement);
    article.remove();
    this.#shown.delete(cid);
    if (hadFocus) byId('message').focus();
  }

  #article(entry: Entry): HTMLElement {
    const { cid, command, files = [], at } = entry;
    const here = this.#shown.get(cid);
    if (here) return here;
    const article = this.#template.content.firstElementChild?.cloneNode(true) as HTMLElement;
    completeMessage(article);
    article.removeAttribute('id');
    article.dataset.cid = cid;
    const time = article.querySelector('time');
    if (time) {
      time.dateTime = new Date(at).toISOString();
      localizeTime(time);
    }
    article.querySelector('.at')?.removeAttribute('href');
    const body = article.querySelector('.body');
    const text = command.message.trim();
    if (body) body.textContent = text;
    if (files.length > 0) body?.after(namesOf(files));
    if (text === '') body?.remove();
    const what = article.querySelector('.body, .attached-names');
    if (what) what.id = `text-${cid}`;
    this.#shown.set(cid, article);
    this.#list.append(article);
    setTimeout(() => this.show(), SLOW_AFTER_MS);
    return article;
  }

  #decorate(article: HTMLElement, entry: Entry): void {
    this.#update(article, entry);
    const before = article.previousElementSibling ?? byId('messages').lastElementChild;
    group(article, before);
    // A selector with :has for this made each message that is added to a long room slow.
    article.classList.toggle('after-poll', !!before?.matches('.poll'));
  }

  /** Updates the author and status, if they have changed. */
  #update(article: HTMLElement, { cid, at, wasSent }: Entry): void {
    const { uid, name } = this.#options.who();
    const isLive = this.#options.isLive();
    const isSlow = !isLive || Date.now() - at >= SLOW_AFTER_MS;
    const state = t(isLive ? 'sending' : wasSent ? 'not-confirmed' : 'waiting');
    const how = [uid, name, isSlow, state].join();
    if (article.dataset.how === how) return;
    article.dataset.how = how;
    article.dataset.uid = uid;
    article.className = 'message own pending';
    article.classList.toggle('slow', isSlow);
    const header = article.querySelector('header');
    if (header) header.dataset.initials = initials(name ?? uid.slice(0, 2));
    article
      .querySelector('.who')
      ?.replaceChildren(name === undefined ? guestName(uid, true) : bdi(name));
    const status = article.querySelector('.status');
    if (status) status.textContent = state;
    else if (isSlow) article.append(statusFooter(cid, state));
  }
}

/** The names of its attachments. */
function namesOf(files: readonly UploadedFile[]): HTMLElement {
  const line = document.createElement('p');
  line.className = 'attached-names small';
  for (const { name } of files) line.append(line.firstChild ? ', ' : '', bdi(name));
  return line;
}

function bdi(name: string): HTMLElement {
  const isolated = document.createElement('bdi');
  isolated.textContent = name;
  return isolated;
}

/** The status, and what can be done about it. */
function statusFooter(cid: string, text: string): HTMLElement {
  const footer = document.createElement('footer');
  const state = document.createElement('span');
  state.className = 'status';
  state.textContent = text;
  footer.append(state);
  for (const key of ['cancel-sending', 'retry-now'] as const) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = `${key} quiet`;
    button.textContent = t(key);
    button.setAttribute('aria-describedby', `text-${cid}`);
    footer.append(' ', button);
  }
  return footer;
}
