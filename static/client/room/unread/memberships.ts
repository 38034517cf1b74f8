import type { NotificationLevel } from '../../../../server/shared/notification-levels.ts';
import { fetchWithTimeout } from '../../connection/fetch-with-timeout.ts';
import { giveToUser, lastReadByRoom } from './last-read.ts';

/** A room of the signed-in user, as the server lists it. */
export interface Membership {
  readonly name: string;
  readonly unread: number;
  readonly mentions: number;
  readonly notifications: NotificationLevel | null;
}

/** The rooms of the signed-in user; `undefined` if the server is not reached. */
export async function fetchMemberships(): Promise<readonly Membership[] | undefined> {
  const headers = { Accept: 'application/json' };
  const response = await fetchWithTimeout('/memberships', { headers }).catch(() => undefined);
  return response?.ok ? (await response.json()).rooms : undefined;
}

/**
 * Gives the server what was read in this browser before signing in; the higher position counts.
 * @param uid of the user that the browser is signed in as
 */
export async function mergeGuestPositions(uid: string): Promise<void> {
  const positions = [...lastReadByRoom()];
  if (positions.length === 0) return;
  const response = await fetchWithTimeout('/memberships', {
    method: 'POST',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    body: JSON.stringify({ positions }),
  }).catch(() => undefined);
  if (response?.ok) giveToUser(uid);
}
