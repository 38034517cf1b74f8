import { joinChannel } from '../lib/allowed.ts';
import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';

/** The user that the browser is signed in as; empty for a guest. */
export interface SignedIn {
  readonly uid?: string | undefined;
  readonly name?: string | undefined;
}

/** Shows the user that this browser is signed in as. All its tabs are the same user. */
export class AccountBadge {
  readonly #sign = byId('me');

  /** @param onOther another tab has signed in or out */
  constructor(onOther: () => void) {
    const tellOthers = joinChannel<SignedIn>('typhoon.me', (said) => {
      if (said.uid === this.#sign.dataset.uid) return;
      this.show(said);
      onOther();
    });
    // Signing in leads to a page like this: it knows what the others do not know yet.
    tellOthers(this.signedIn);
  }

  /** The user that the browser is signed in as, as far as the page knows. */
  get signedIn(): SignedIn {
    const { uid } = this.#sign.dataset;
    return uid === undefined ? {} : { uid, name: this.#sign.textContent };
  }

  show({ uid, name }: SignedIn): void {
    if (uid === undefined || name === undefined) {
      delete this.#sign.dataset.uid;
      this.#sign.textContent = t('sign-in');
      return;
    }
    this.#sign.dataset.uid = uid;
    // The name may be written in another direction than the text around it.
    const isolated = document.createElement('bdi');
    isolated.textContent = name;
    this.#sign.replaceChildren(isolated);
  }
}
