import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import type { Mutes } from './mutes.ts';

/** A moderation command about a user. */
export interface AboutPerson {
  readonly do: 'silenced' | 'removed' | 'pardoned' | 'handed';
  readonly uid: string;
  readonly minutes: string;
  readonly address: boolean;
}

interface Options {
  readonly mutes: Mutes;
  /** Somebody was muted or unmuted here. */
  readonly onMute: () => void;
  readonly act: (about: AboutPerson) => void;
}

/** What can be done about a user: mute them here, and more for moderators. */
export class PersonMenu {
  readonly #dialog = byId<HTMLDialogElement>('person-menu');
  readonly #form = this.#dialog.querySelector('form') as HTMLFormElement;
  #uid = '';

  constructor({ mutes, onMute, act }: Options) {
    this.#dialog.addEventListener('close', () => {
      const what = this.#dialog.returnValue;
      if (what === 'mute') {
        mutes.toggle(this.#uid);
        onMute();
      } else if (what !== '') {
        const form = new FormData(this.#form);
        const minutes = String(form.get('minutes'));
        const about = { uid: this.#uid, minutes, address: form.has('address') };
        act({ do: what as AboutPerson['do'], ...about });
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
    const mute = this.#form.querySelector('[value=mute]');
    if (mute) mute.textContent = t(this.#mutes.has(uid) ? 'unmute' : 'mute');
    this.#dialog.showModal();
  }
}
