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

  /** @param onOther another tab has signed in or out */
  constructor(onOther: () => void) {
    const postToOthers = joinChannel<SignedIn>('typhoon.me', (other) => {
      if (other.uid === this.#element.dataset.uid) return;
      this.show(other);
      onOther();
    });
    // Signing in leads to a page like this: it knows what the others do not know yet.
    postToOthers(this.signedIn);
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
