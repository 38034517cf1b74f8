import { toRoomName } from '../../../server/shared/room-name.ts';
import { roomPath } from '../../../server/shared/routes.ts';
import { localizeTimes } from '../lib/clock.ts';
import { byId } from '../lib/dom.ts';
import { lastReadByRoom } from '../room/unread/last-read.ts';
import { fetchCounts, fetchUserCounts, type RoomCount } from '../room/unread/room-counts.ts';
import { showCount } from '../room/unread/show-count.ts';

/* The page of the rooms: those that were visited, and what is unread in them. */

localizeTimes(document);
deriveAddress();

const show = (room: string, count: RoomCount) => showCount(linkTo(room), count);
// The page has the counts of a signed-in user, from before the room they come from was read.
if (byId('rooms').dataset.uid !== undefined) await fetchUserCounts(show);
else {
  const last = [...lastReadByRoom().keys()].toReversed();
  showUnlisted(last.filter((room) => linkTo(room) === null));
  await fetchCounts(last, show);
}

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

function linkTo(room: string): Element | null {
  return document.querySelector(`[data-room="${CSS.escape(room)}"]`);
}
