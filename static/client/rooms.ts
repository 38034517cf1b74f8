import { wordTime } from './clock.ts';
import { seen } from './unread.ts';

/* The page of the rooms: what is unread in those one has been in. */

for (const time of document.querySelectorAll('time')) wordTime(time);

for (const [room, id] of Object.entries(seen())) {
  const link = document.querySelector(`[data-room="${CSS.escape(room)}"]`);
  const badge = link?.querySelector<HTMLElement>('.unread');
  if (!badge) continue;
  const response = await fetch(`/rooms/${encodeURIComponent(room)}/unread?after=${id}`);
  if (!response.ok) continue;
  const { count } = await response.json();
  badge.hidden = count === 0;
  badge.textContent = count >= 100 ? '99+' : `${count}`;
}
