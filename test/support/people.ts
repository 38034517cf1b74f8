import type { Person } from '../../server/auth/user.ts';
import type { Aside, PersonShown } from '../../server/transports/framing/format.ts';

/** Somebody who is in a room. */
export function personOf(uid: string, more: Partial<Person> = {}): Person {
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
  readonly people = new Map<string, PersonShown>();
  count = 0;

  take({ people, count }: Aside): void {
    for (const person of people) {
      if (person.state === 'gone') this.people.delete(person.uid);
      else this.people.set(person.uid, person);
    }
    this.count = count;
  }
}
