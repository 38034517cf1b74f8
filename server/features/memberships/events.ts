import type { Erasing } from '../event.ts';
import type { MembershipChange } from './membership.ts';

/** Users read on, or chose what they are notified of: many changes are one event. */
export interface MembershipsChanged {
  readonly kind: 'memberships-changed';
  readonly changes: readonly MembershipChange[];
  /** Milliseconds since 1970. */
  readonly at: number;
}

export const membershipErasing: Erasing<MembershipsChanged> = { 'memberships-changed': false };
