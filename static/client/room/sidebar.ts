import { roomPath } from '../../../server/shared/routes.ts';
import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { byId } from '../lib/dom.ts';
import { Sheet } from '../lib/sheet.ts';
import { lastReadByRoom } from './unread.ts';

/** From this width on the sidebar is next to the messages; see layout.css. */
const WIDE = matchMedia('(min-width: 48rem)');
/** How often the unread counts of the other rooms are fetched while the page is in view. */
const REFRESH_MS = 60_000;
/** More unread messages than these are not counted. */
const MAX_COUNTED = 99;

/** The sidebar: the rooms that were visited, the user, and the connection. */
export class Sidebar {
  readonly #room: string;
  readonly #element = byId('sidebar');
  readonly #sheet = new Sheet(this.#element, () => this.#close());

  constructor(room: string) {
    this.#room = room;
    // Without a script the link shows it, as the target of the address.
    byId('open-sidebar').addEventListener('click', (event) => {
      event.preventDefault();
      this.#element.classList.add('shown');
      this.#sheet.open();
    });
    byId('close-sidebar').addEventListener('click', (event) => {
      event.preventDefault();
      this.#close();
    });
    WIDE.addEventListener('change', () => this.#close());
    setInterval(() => this.#refresh(), REFRESH_MS);
    document.addEventListener('visibilitychange', () => this.#refresh());
    this.#refresh();
  }

  #close(): void {
    this.#element.classList.remove('shown');
    if (location.hash === '#sidebar') location.hash = '';
    this.#sheet.close();
  }

  #refresh(): void {
    if (document.hidden) return;
    for (const [room, id] of lastReadByRoom()) {
      const link = this.#element.querySelector(`a[data-room="${CSS.escape(room)}"]`);
      const badge = link?.querySelector<HTMLElement>('.unread');
      if (badge && room !== this.#room) this.#showUnread(badge, room, id).catch(() => {});
    }
  }

  /** @throws if the server was not reached: the next refresh repeats it */
  async #showUnread(badge: HTMLElement, room: string, id: number): Promise<void> {
    const response = await fetchWithTimeout(`${roomPath(room)}/unread?after=${id}`);
    if (!response.ok) return;
    const { count } = await response.json();
    badge.hidden = count === 0;
    badge.textContent = count > MAX_COUNTED ? `${MAX_COUNTED}+` : count;
  }
}
