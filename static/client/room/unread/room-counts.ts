import { roomPath } from '../../../../server/shared/routes.ts';
import { fetchWithTimeout } from '../../connection/fetch-with-timeout.ts';
import { lastReadByRoom } from './last-read.ts';
import { fetchMemberships } from './memberships.ts';

/** More unread messages than these are not counted. */
const MAX_COUNTED = 99;
/** The counts are fetched at most this often, however often the user switches tabs. */
const THROTTLE_MS = 10_000;

let fetchedAt = Number.NEGATIVE_INFINITY;

/** What is unread in a room. */
export interface RoomCount {
  /** How many messages, as it is shown; `undefined` if nothing is unread. */
  readonly unread: string | undefined;
  /** How many of them mention the user: a guest has no name. */
  readonly mentions: number;
}

/** The same for a signed-in user, by one request: the server stores what they have read. */
export async function fetchUserCounts(
  show: (room: string, count: RoomCount) => void,
): Promise<void> {
  if (!isDue()) return;
  for (const { name, unread, mentions } of (await fetchMemberships()) ?? []) {
    show(name, { unread: formatCount(unread), mentions });
  }
}

/**
 * Fetches how many messages are unread in each of the rooms, and gives the counts to `show`. It
 * sends one request at a time, so that those of the user need not wait, and stops if one fails.
 */
export async function fetchCounts(
  rooms: readonly string[],
  show: (room: string, count: RoomCount) => void,
): Promise<void> {
  if (!isDue()) return;
  const read = lastReadByRoom();
  for (const room of rooms) {
    const id = read.get(room);
    if (id === undefined) continue;
    const response = await fetchWithTimeout(`${roomPath(room)}/unread?after=${id}`).catch(() => {});
    if (!response) return;
    // The room may be closed to the user by now.
    if (!response.ok) continue;
    const { count } = await response.json();
    show(room, { unread: formatCount(count), mentions: 0 });
  }
}

/** `undefined` if nothing is unread. */
function formatCount(count: number): string | undefined {
  if (count === 0) return undefined;
  return count > MAX_COUNTED ? `${MAX_COUNTED}+` : `${count}`;
}

/** Whether the counts may be fetched again; from then on they have been. */
function isDue(): boolean {
  const now = performance.now();
  if (now - fetchedAt < THROTTLE_MS) return false;
  fetchedAt = now;
  return true;
}
