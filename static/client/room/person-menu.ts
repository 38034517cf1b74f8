import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import type { Mutes } from './mutes.ts';

/** A moderation command about a user. */
interface AboutPerson {
  readonly type: 'mute' | 'ban' | 'lift-restrictions';
  readonly uid: string;
  readonly minutes: string;
  readonly address: boolean;
}

interface Options {
  readonly mutes: Mutes;
  /** A user's messages were hidden or shown here. */
  readonly onMute: () => void;
  readonly send: (about: AboutPerson) => void;
  /** The same once the user confirms it. */
  readonly sendConfirmed: (about: AboutPerson) => void;
}

/** What can be done about a user: hide their messages here, and more for moderators. */
export class PersonMenu {
  readonly #dialog = byId<HTMLDialogElement>('person-menu');
  readonly #form = this.#dialog.querySelector('form') as HTMLFormElement;
  #uid = '';

  constructor({ mutes, onMute, send, sendConfirmed }: Options) {
    this.#dialog.addEventListener('close', () => {
      const what = this.#dialog.returnValue;
      if (what === 'hide-messages') {
        mutes.toggle(this.#uid);
        onMute();
      } else if (what !== '') {
        const form = new FormData(this.#form);
        const minutes = String(form.get('minutes'));
        const about = { uid: this.#uid, minutes, address: form.has('address') };
        const type = what as AboutPerson['type'];
        (type === 'ban' ? sendConfirmed : send)({ type, ...about });
      }
    });
    this.#mutes = mutes;
  }

  readonly #mutes: Mutes;

  open(uid: string, name: string): void {
    this.#uid = uid;
    this.#form.reset();
    this.#dialog.returnValue = '';
    byId('person-name').textContent = name;
    const hide = this.#form.querySelector('[value=hide-messages]');
    if (hide) hide.textContent = t(this.#mutes.has(uid) ? 'show-messages' : 'hide-messages');
    this.#dialog.showModal();
  }
}
