import { roomPath } from '../../../../server/shared/routes.ts';
import { fetchWithTimeout } from '../../connection/fetch-with-timeout.ts';
import { bearer } from '../../connection/guest-identity.ts';

/** What others posted in a room after a message. */
export interface Unread {
  readonly count: number;
  /** Whether there are more than were counted. */
  readonly hasMore: boolean;
  /** When the first of them was posted, in ISO 8601; `null` if there are none. */
  readonly since: string | null;
}

/**
 * What is unread in a room, as the server counts it.
 * @param limit how far it counts
 * @param token of the tab's guest, whose own messages are not counted
 * @throws if it cannot be loaded
 */
export async function fetchUnread(
  room: string,
  after: number,
  limit = 100,
  token?: string,
): Promise<Unread> {
  const path = `${roomPath(room)}/unread?after=${after}&limit=${limit}`;
  const response = await fetchWithTimeout(path, { headers: bearer(token) });
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}
