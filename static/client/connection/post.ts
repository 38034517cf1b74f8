import { roomPath } from '../../../server/shared/routes.ts';
import { fetchWithTimeout } from './fetch-with-timeout.ts';
import { bearer, type GuestIdentity } from './guest-identity.ts';

/** Why the server rejected something, with a text to show. */
export interface ServerError {
  readonly code: string;
  readonly message: string;
}

export interface Answer {
  /** The sender; without a token if the browser is signed in. */
  readonly guest?: { readonly uid: string; readonly token: string | null };
  readonly error?: ServerError;
}

/**
 * Sends a command to a room by a request of its own, for a receive-only connection.
 * @param signal aborts it: it may have arrived nevertheless
 * @returns why it was rejected, if it was
 * @throws if the server was not reached, or an intermediary answered in its place
 */
export async function post(
  room: string,
  resource: 'messages' | 'commands',
  guest: GuestIdentity,
  body: object,
  signal?: AbortSignal,
): Promise<ServerError | undefined> {
  await ensureToken(guest);
  const answer: Answer = await request(`${roomPath(room)}/${resource}`, guest, body, signal);
  adoptIdentity(guest, answer);
  return answer.error;
}

/** Without its own token, the tab would share the browser's guest identity. */
export async function ensureToken(guest: GuestIdentity): Promise<void> {
  if (guest.token) return;
  const { token } = (await request('/guests', guest, {})) as { token: string };
  guest.setToken(token);
}

/** Adopts the identity that the server assigns to this tab. */
export function adoptIdentity(guest: GuestIdentity, { guest: identity }: Answer): void {
  const { uid, token } = identity ?? {};
  if (token) guest.adopt(token);
  else if (uid) guest.signIn(uid);
}

async function request(
  path: string,
  guest: GuestIdentity,
  body: object,
  signal: AbortSignal | null = null,
): Promise<object> {
  const response = await fetchWithTimeout(path, {
    method: 'POST',
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      ...bearer(guest.token),
    },
    body: JSON.stringify(body),
    signal,
  });
  const isOurs = response.headers.get('Content-Type')?.startsWith('application/json');
  if (!isOurs) throw new Error(`${response.status} ${response.statusText}`);
  return response.json();
}
