import { joinChannel } from '../lib/allowed.ts';
import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';

/** Whom a browser is signed in as; nothing for a visitor. */
export interface SignedIn {
  readonly uid?: string | undefined;
  readonly name?: string | undefined;
}

/** The sign of whom this browser is signed in as. All its tabs are the same person. */
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

  /** Whom the browser is signed in as, as far as the page knows. */
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
    // A name stands among words of another direction.
    const isolated = document.createElement('bdi');
    isolated.textContent = name;
    this.#sign.replaceChildren(isolated);
  }
}
