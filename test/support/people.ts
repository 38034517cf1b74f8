import type { User } from '../../server/auth/user.ts';
import type { PresenceEntry, RoomState } from '../../server/transports/framing/format.ts';

/** Somebody who is in a room. */
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

/** What a client adds up from what it is told of who is in a room. */
export class Shown {
  readonly people = new Map<string, PresenceEntry>();
  count = 0;

  take({ people, count }: RoomState): void {
    for (const person of people) {
      if (person.state === 'gone') this.people.delete(person.uid);
      else this.people.set(person.uid, person);
    }
    this.count = count;
  }
}
