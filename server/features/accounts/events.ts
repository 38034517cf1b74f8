import type { SessionEvent } from '../../auth/session-events.ts';
import type { Erasing } from '../event.ts';

/** The events of sessions are declared where they are appended: see auth/sessions.ts. */
export const sessionErasing: Erasing<SessionEvent> = {
  // A guest's vote is removed where the user has voted, too.
  'signed-in': ({ guest }) => guest !== null,
  'session-touched': false,
  'signed-out': false,
  'moderator-granted': false,
  'password-changed': false,
};
