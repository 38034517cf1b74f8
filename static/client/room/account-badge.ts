import { joinChannel } from '../lib/allowed.ts';
import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';

/** The user that the browser is signed in as; empty for a guest. */
interface SignedIn {
  readonly uid?: string | undefined;
  readonly name?: string | undefined;
  /** The uids that the user had as a guest. */
  readonly formerGuests?: readonly string[] | undefined;
}

/** Shows the user that this browser is signed in as. All its tabs are the same user. */
export class AccountBadge {
  readonly #element = byId('me');
  readonly #onOther: () => void;
  readonly #postToOthers: (user: SignedIn) => void;

  /** @param onOther the browser has signed in or out, in another tab or on this page */
  constructor(onOther: () => void) {
    this.#onOther = onOther;
    this.#postToOthers = joinChannel<SignedIn>('typhoon.me', (other) => {
      if (other.uid === this.#element.dataset.uid) return;
      this.show(other);
      onOther();
    });
    // Signing in leads to a page like this: it knows what the others do not know yet.
    this.#postToOthers(this.signedIn);
  }

  /** The browser has signed in on this page. */
  signIn(user: SignedIn): void {
    this.show(user);
    this.#postToOthers(this.signedIn);
    this.#onOther();
  }

  /** The user that the browser is signed in as, as far as the page knows. */
  get signedIn(): SignedIn {
    const { uid, formerGuests = '' } = this.#element.dataset;
    if (uid === undefined) return {};
    const former = formerGuests.split(' ').filter(Boolean);
    return { uid, name: this.#element.textContent, formerGuests: former };
  }

  show({ uid, name, formerGuests = [] }: SignedIn): void {
    if (uid === undefined || name === undefined) {
      delete this.#element.dataset.uid;
      delete this.#element.dataset.formerGuests;
      this.#element.textContent = t('sign-in');
      return;
    }
    this.#element.dataset.uid = uid;
    this.#element.dataset.formerGuests = formerGuests.join(' ');
    // The name may be written in another direction than the text around it.
    const isolated = document.createElement('bdi');
    isolated.textContent = name;
    this.#element.replaceChildren(isolated);
  }
}
