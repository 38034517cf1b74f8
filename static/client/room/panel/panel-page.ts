import { localizeTimes } from '../../lib/clock.ts';
import { byId, notice } from '../../lib/dom.ts';
import { isModified } from '../../lib/input-keys.ts';
import { t } from '../../lib/messages.ts';

export interface PanelPageOptions {
  /** The path of the room. */
  readonly path: string;
  /** Fetches a page as the tab's user, or the page that says why it is denied. Rejects if the server was not reached. */
  readonly fetchPage: (address: string) => Promise<string>;
  /** Shows a message of the room among the others. Rejects if it cannot be loaded. */
  readonly showMessage: (id: number) => Promise<void>;
  /** A message is about to be shown. */
  readonly onLeave: () => void;
}

/** The page of a tab, in the panel, as the server renders it: its links and its form do not leave the room. */
export class PanelPage {
  readonly #element = byId('panel-page');
  readonly #options: PanelPageOptions;
  /** What was asked for last: an answer that comes later is dropped. */
  #address: string | undefined;
  #focuses = false;

  constructor(options: PanelPageOptions) {
    this.#options = options;
    this.#element.addEventListener('submit', (event) => {
      const { target: form } = event;
      if (!(form instanceof HTMLFormElement)) return;
      event.preventDefault();
      void this.#search(form);
    });
    this.#element.addEventListener('click', (event) => this.#follow(event));
  }

  /** Shows a page. */
  async show(address: string): Promise<void> {
    const page = await this.#load(address);
    if (!page) return;
    this.#element.replaceChildren(...page.childNodes);
    if (this.#focuses) this.focus();
  }

  clear(): void {
    this.#address = undefined;
    this.#focuses = false;
    this.#element.replaceChildren();
  }

  /** Moves the focus to the field of the page, if it has one: once it is there. */
  focus(): void {
    const field = this.#element.querySelector<HTMLElement>('[type=search]');
    this.#focuses = field === null && this.#address !== undefined;
    field?.focus();
  }

  /** The part of a page that belongs in the panel; `undefined` if another is shown in the meantime. */
  async #load(address: string): Promise<Element | undefined> {
    this.#address = address;
    this.#element.ariaBusy = 'true';
    const page = await this.#options
      .fetchPage(address)
      .then((html) => partOf(html))
      .catch(() => wrapped(t('server-unreachable')));
    if (this.#address !== address) return undefined;
    this.#element.ariaBusy = 'false';
    localizeTimes(page);
    return page;
  }

  async #search(form: HTMLFormElement): Promise<void> {
    const query = new URLSearchParams([...new FormData(form)] as [string, string][]);
    await this.show(`${form.action}?${query}`);
    this.focus();
    const count = this.#element.querySelector('#panel-list')?.childElementCount ?? 0;
    byId('spoken').textContent = t('result-count', { count });
  }

  /** More of the list, or a message of this room; other links lead to other pages. */
  #follow(event: MouseEvent): void {
    const { target } = event;
    const link = target instanceof Element && target.closest('a');
    if (!link || isModified(event)) return;
    const { pathname, searchParams } = new URL(link.href);
    const id = Number(searchParams.get('at'));
    const isHere = pathname === this.#options.path;
    if (link.id === 'panel-more') void this.#more(link);
    else if (id > 0 && isHere) void this.#leave(id, link.href);
    else return;
    event.preventDefault();
  }

  async #more(link: HTMLAnchorElement): Promise<void> {
    const page = await this.#load(link.href);
    const list = this.#element.querySelector('#panel-list');
    if (!page || !list) return;
    const items = [...(page.querySelector('#panel-list')?.children ?? [])];
    list.append(...items);
    const next = page.querySelector('#panel-more');
    if (next) link.replaceWith(next);
    else link.remove();
    items[0]?.querySelector('a')?.focus();
  }

  async #leave(id: number, address: string): Promise<void> {
    this.#options.onLeave();
    await this.#options.showMessage(id).catch(() => location.assign(address));
  }
}

/** The panel's part of a page; of a page that says an error, that. */
function partOf(html: string): Element {
  const page = new DOMParser().parseFromString(html, 'text/html');
  return page.getElementById('panel-page') ?? wrapped(page.querySelector('main h1')?.textContent);
}

function wrapped(why = t('server-unreachable')): Element {
  const element = document.createElement('div');
  element.append(notice(why));
  return element;
}
