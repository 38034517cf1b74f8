import { roomPath } from '../../../server/shared/routes.ts';
import { fetchWithTimeout } from './fetch-with-timeout.ts';
import { bearer, type Visitor } from './guest-identity.ts';

/** Why something was refused, in the words of the server. */
export interface Refused {
  readonly code: string;
  readonly message: string;
}

export interface Answer {
  /** Who asked; without a token where the browser is signed in. */
  readonly visitor?: { readonly uid: string; readonly token: string | null };
  readonly error?: Refused;
}

/**
 * Asks for something in a room by a request of its own, for a line that goes in one direction only.
 * @param signal gives it up: it may have arrived nevertheless
 * @returns why it was refused, if it was
 * @throws where the server was not reached, or something between answered in its place
 */
export async function post(
  room: string,
  end: 'messages' | 'acts',
  visitor: Visitor,
  body: object,
  signal?: AbortSignal,
): Promise<Refused | undefined> {
  await hasToken(visitor);
  const answer: Answer = await ask(`${roomPath(room)}/${end}`, visitor, body, signal);
  recognize(visitor, answer);
  return answer.error;
}

/** Without a token of its own the tab would be the visitor of the whole browser. */
export async function hasToken(visitor: Visitor): Promise<void> {
  if (visitor.token) return;
  const { token } = (await ask('/visitors', visitor, {})) as { token: string };
  visitor.hold(token);
}

/** Takes up who the server says that this tab is. */
export function recognize(visitor: Visitor, { visitor: said }: Answer): void {
  const { uid, token } = said ?? {};
  if (token) visitor.know(token);
  else if (uid) visitor.signIn(uid);
}

async function ask(
  path: string,
  visitor: Visitor,
  body: object,
  signal: AbortSignal | null = null,
): Promise<object> {
  const response = await fetchWithTimeout(path, {
    method: 'POST',
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      ...bearer(visitor.token),
    },
    body: JSON.stringify(body),
    signal,
  });
  const isOurs = response.headers.get('Content-Type')?.startsWith('application/json');
  if (!isOurs) throw new Error(`${response.status} ${response.statusText}`);
  return response.json();
}
