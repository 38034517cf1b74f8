import type { TextType } from '../../core/fragment.ts';
import { signal } from '../../templates.ts';
import type { Membership } from './membership.ts';

/** A user's own membership of a room, for them alone. */
export function membershipText({ readId, notifications }: Membership, type: TextType): string {
  if (type === 'json') return JSON.stringify({ type: 'membership', readId, notifications });
  return signal({ name: 'membership', data: { 'read-id': readId, notifications } });
}
