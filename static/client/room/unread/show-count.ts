import { t } from '../../lib/messages.ts';
import type { RoomCount } from './room-counts.ts';

/** Shows in the link to a room what is unread there. */
export function showCount(link: Element | null | undefined, { unread, mentions }: RoomCount): void {
  show(link?.querySelector('.unread'), unread && t('unread', { count: unread }));
  show(link?.querySelector('.mentions'), mentions > 0 ? `@${mentions}` : undefined);
}

function show(badge: HTMLElement | null | undefined, text: string | undefined): void {
  if (!badge) return;
  badge.hidden = text === undefined;
  badge.textContent = text ?? '';
}
