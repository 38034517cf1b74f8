import type { User } from '../../server/auth/user.ts';
import type { PresenceEntry, PresenceUpdate } from '../../server/core/presence-tracker.ts';

/** A user in a room. */
export function personOf(uid: string, more: Partial<User> = {}): User {
  return {
    uid,
    name: null,
    isModerator: false,
    address: `of ${uid}`,
    browser: null,
    token: null,
    session: null,
    ...more,
  };
}

/** Adds up presence updates, as a client does. */
export class Shown {
  readonly people = new Map<string, PresenceEntry>();
  count = 0;

  take({ people, count }: PresenceUpdate): void {
    for (const person of people) {
      if (person.state === 'gone') this.people.delete(person.uid);
      else this.people.set(person.uid, person);
    }
    this.count = count;
  }
}
