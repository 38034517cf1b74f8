import type { User } from '../../server/auth/user.ts';
import type { PresenceEntry, PresenceUpdate } from '../../server/core/presence.ts';

/** Creates a user of a room. */
export function createUser(uid: string, more: Partial<User> = {}): User {
  return {
    uid,
    name: null,
    isModerator: false,
    isOwner: false,
    address: `of ${uid}`,
    browser: null,
    token: null,
    session: null,
    formerGuests: [],
    ...more,
  };
}

/** The members of a room, by the presence updates so far, as a client has them. */
export class PresenceView {
  readonly members = new Map<string, PresenceEntry>();
  count = 0;

  apply({ people, count }: PresenceUpdate): void {
    for (const member of people) {
      if (member.state === 'gone') this.members.delete(member.uid);
      else this.members.set(member.uid, member);
    }
    this.count = count;
  }
}
