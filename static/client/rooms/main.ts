import { toRoomName } from '../../../server/shared/room-name.ts';
import { roomPath } from '../../../server/shared/routes.ts';
import { localizeTimes } from '../lib/clock.ts';
import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { lastReadByRoom } from '../room/unread/last-read.ts';
import { fetchCounts } from '../room/unread/room-counts.ts';

/* The page of the rooms: those that were visited, and what is unread in them. */

localizeTimes(document);
deriveAddress();

const last = [...lastReadByRoom().keys()].toReversed();
showUnlisted(last.filter((room) => linkTo(room) === null));
await fetchCounts(last, showUnread);

/** Shows the address of a new room while its title is typed. */
function deriveAddress(): void {
  const title = document.querySelector<HTMLInputElement>('#new-title');
  const address = document.querySelector<HTMLElement>('#new-address');
  const output = address?.querySelector('output');
  if (!title || !address || !output) return;
  const show = () => {
    const name = toRoomName(title.value);
    address.hidden = name === '';
    output.textContent = `/rooms/${name}`;
  };
  title.addEventListener('input', show);
  // A browser may have filled in what was typed before.
  show();
}

/** Rooms that are not listed: they are unlisted, or have a password. */
function showUnlisted(rooms: readonly string[]): void {
  if (rooms.length === 0) return;
  const template = byId<HTMLTemplateElement>('recently-visited');
  const section = template.content.cloneNode(true) as DocumentFragment;
  const list = section.querySelector('ul');
  const item = list?.firstElementChild;
  item?.remove();
  for (const room of rooms) {
    const next = item?.cloneNode(true) as HTMLElement;
    const link = next.querySelector('a');
    if (!link) continue;
    link.href = roomPath(room);
    link.dataset.room = room;
    const name = link.querySelector('bdi');
    if (name) name.textContent = room;
    list?.append(next);
  }
  template.replaceWith(section);
}

function showUnread(room: string, count: string | undefined): void {
  const badge = linkTo(room)?.querySelector<HTMLElement>('.unread');
  if (!badge) return;
  badge.hidden = count === undefined;
  badge.textContent = count === undefined ? '' : t('unread', { count });
}

function linkTo(room: string): Element | null {
  return document.querySelector(`[data-room="${CSS.escape(room)}"]`);
}
