import { saveAppearance } from '../../lib/appearance.ts';
import { byId } from '../../lib/dom.ts';
import { isModified } from '../../lib/input-keys.ts';
import { Sheet } from '../../lib/sheet.ts';
import { PanelPage, type PanelPageOptions } from './panel-page.ts';

/** From this width on the panel is next to the messages; see layout.css. */
const WIDE = matchMedia('(min-width: 60rem)');
const CLOSED = 'closed';

/**
 * The panel on the right, with a tab for each of its pages. Next to the messages the server renders it
 * as the user has left it, so that they do not move when this script runs; over them, it is open until
 * it is closed.
 */
export class Panel {
  readonly #side = byId('side');
  readonly #tabs = document.querySelectorAll<HTMLAnchorElement>('#panel-tabs a');
  /** The links in the header that lead to a tab. */
  readonly #buttons = document.querySelectorAll<HTMLAnchorElement>('body > .bar > [data-panel]');
  readonly #sheet = new Sheet(this.#side, () => this.#choose(CLOSED));
  readonly #page: PanelPage;
  /** The tab that is shown, or was shown last. */
  #tab = document.querySelector<HTMLElement>('#panel-tabs [aria-current]')?.dataset.panel ?? '';

  constructor(options: Omit<PanelPageOptions, 'onLeave'>) {
    this.#page = new PanelPage({
      ...options,
      onLeave: () => WIDE.matches || this.#choose(CLOSED),
    });
    document.addEventListener('click', (event) => this.#follow(event));
    byId('close-side').addEventListener('click', () => {
      this.#choose(CLOSED);
      this.#button?.focus();
    });
    WIDE.addEventListener('change', () => {
      this.#side.classList.remove('shown');
      this.#update();
    });
    this.#update();
  }

  get #isOpen(): boolean {
    return WIDE.matches
      ? document.body.dataset.panel !== CLOSED
      : this.#side.classList.contains('shown');
  }

  /** The link in the header that opened it. */
  get #button(): HTMLElement | undefined {
    const people = [...this.#buttons].find(({ dataset }) => dataset.panel === 'people');
    return [...this.#buttons].find(({ dataset }) => dataset.panel === this.#tab) ?? people;
  }

  #follow(event: MouseEvent): void {
    const { target } = event;
    const link = target instanceof Element && target.closest<HTMLElement>('a[data-panel]');
    if (!link || isModified(event)) return;
    event.preventDefault();
    const { panel = '' } = link.dataset;
    const isShown = this.#isOpen && this.#tab === panel;
    // The link in the header closes what it opened.
    this.#choose(isShown && !this.#side.contains(link) ? CLOSED : panel);
    if (this.#isOpen) this.#page.focus();
  }

  #choose(panel: string): void {
    if (WIDE.matches) saveAppearance({ panel });
    if (panel !== CLOSED) this.#tab = panel;
    if (WIDE.matches) document.body.dataset.panel = panel;
    else this.#side.classList.toggle('shown', panel !== CLOSED);
    this.#update();
  }

  #update(): void {
    const isOpen = this.#isOpen;
    for (const button of this.#buttons)
      button.ariaExpanded = `${isOpen && button.dataset.panel === this.#tab}`;
    for (const tab of this.#tabs) {
      const isShown = tab.dataset.panel === this.#tab;
      tab.ariaCurrent = isShown ? 'page' : null;
      if (isShown && isOpen) this.#show(tab);
    }
    if (isOpen && !WIDE.matches) this.#sheet.open();
    else this.#sheet.close();
  }

  /** Who is online is on the page all the time; the other tabs are loaded each time they are chosen. */
  #show({ href, dataset }: HTMLAnchorElement): void {
    const isPeople = dataset.panel === 'people';
    byId('panel-people').hidden = !isPeople;
    if (isPeople) this.#page.clear();
    else void this.#page.show(href);
  }
}
