import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ChatError } from '../core/errors.ts';

const BYTES = 6;

/** The client's own id for what it sends. */
export const cid = z.string().regex(/^[\w-]{1,64}$/);

const fields = z.object({ cid });

/** The client id of what was sent, even if the rest of it is invalid. */
export function parseClientId(value: unknown): string | null {
  return fields.safeParse(value).data?.cid ?? null;
}

/** The client id of what was sent, `null` for none. @throws ChatError if it is invalid */
export function clientIdOf(value: object): string | null {
  const id = parseClientId(value);
  if (id === null && 'cid' in value && value.cid !== null) throw new ChatError('invalid-cid');
  return id;
}

/** For a form: however often it is sent, it is executed once. */
export function newClientId(): string {
  return randomBytes(BYTES).toString('base64url');
}

/** Executes what a form sent. One that was restored by going back has the id of what was sent with it. */
export async function withFreshId<T>(
  cid: string | null,
  execute: (cid: string | null) => Promise<T>,
): Promise<T> {
  try {
    return await execute(cid);
  } catch (error) {
    if (!(error instanceof ChatError && error.code === 'cid-reused')) throw error;
    return execute(null);
  }
}
