import { byId } from '../lib/dom.ts';
import { Sheet } from '../lib/sheet.ts';
import { fetchCounts, fetchUserCounts, type RoomCount } from './unread/room-counts.ts';
import { showCount } from './unread/show-count.ts';

/** From this width on the sidebar is next to the messages; see layout.css. */
const WIDE = matchMedia('(min-width: 48rem)');
/** How often the unread counts of the other rooms are fetched while the page is in view. */
const REFRESH_MS = 60_000;

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
    const links = [...this.#element.querySelectorAll<HTMLElement>('a[data-room]')];
    const all = links.map(({ dataset }) => dataset.room ?? '');
    const rooms = all.filter((room) => room !== this.#room);
    const show = (room: string, count: RoomCount) => {
      const link = links.find(({ dataset }) => dataset.room === room);
      if (room !== this.#room) showCount(link, count);
    };
    const isUser = byId('me').dataset.uid !== undefined;
    void (isUser ? fetchUserCounts(show) : fetchCounts(rooms, show));
  }
}
