import { GuestIdentity } from '../connection/guest-identity.ts';
import { AccountBadge } from './account-badge.ts';
import { MentionableUsers } from './mentionable.ts';
import { Mutes } from './mutes.ts';
import { NameOffer } from './name-offer.ts';
import { PeopleList } from './people-list.ts';
import { PersonMenu } from './person-menu.ts';
import { mergeGuestPositions } from './unread/memberships.ts';

interface Options {
  readonly send: (command: object) => void;
  readonly sendConfirmed: (command: object) => void;
  /** A user's messages were hidden or shown here. */
  readonly onMute: () => void;
  /** The user's own uids have changed. */
  readonly onOwn: (own: readonly string[]) => void;
  /** The browser has signed in or out, in another tab or here. */
  readonly onOtherUser: () => void;
  /** Fetches the names of users who wrote in the room. */
  readonly fetchWriters: () => Promise<readonly string[]>;
}

/** Who is in the room: this tab's user, and the others. */
export function createPeopleParts(options: Options) {
  const { send, sendConfirmed, onMute, onOwn, onOtherUser, fetchWriters } = options;
  const mutes = new Mutes();
  const personMenu = new PersonMenu({ mutes, onMute, send, sendConfirmed });
  const peopleList = new PeopleList((uid, name) => personMenu.open(uid, name));
  const guest = new GuestIdentity((own) => {
    onOwn(own);
    peopleList.own(guest.uid);
  });
  const account = new AccountBadge(() => {
    signIn();
    onOtherUser();
  });
  new NameOffer({
    isGuest: () => account.signedIn.uid === undefined,
    token: () => guest.token,
    onSignedIn: ({ uid, name }) => account.signIn({ uid, name, formerGuests: [guest.uid] }),
  });
  const mentionable = new MentionableUsers({
    online: () => peopleList.names,
    ownName: () => account.signedIn.name,
    fetch: fetchWriters,
  });

  /** The user that the browser is signed in as takes precedence over this tab's guest. */
  function signIn(): void {
    const { uid, formerGuests } = account.signedIn;
    if (!uid) return;
    guest.signIn(uid, formerGuests);
    void mergeGuestPositions(uid);
  }

  return { mutes, peopleList, guest, account, mentionable, signIn };
}
