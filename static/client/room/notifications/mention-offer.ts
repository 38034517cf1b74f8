import { byId } from '../../lib/dom.ts';
import { t } from '../../lib/messages.ts';
import { readLocal, writeLocal } from '../../lib/storage.ts';
import type { RoomLevel } from './room-level.ts';

/** Whether this browser has made the offer, in any room: its permission is for all of them. */
const KEY = 'notify-offered';

/** Offers notifications of mentions, once, when the user has been mentioned. */
export class MentionOffer {
  readonly #level: RoomLevel;
  readonly #element = byId('notify-offer');
  readonly #text = byId('notify-question');
  readonly #accept = byId<HTMLButtonElement>('notify-accept');
  readonly #decline = byId<HTMLButtonElement>('notify-decline');

  constructor(level: RoomLevel) {
    this.#level = level;
    this.#accept.addEventListener('click', () => void this.#onAccept());
    this.#decline.addEventListener('click', () => this.#close());
  }

  /** The user was mentioned. */
  onMention(): void {
    if (!this.#level.canOffer || readLocal(KEY, false)) return;
    writeLocal(KEY, true);
    this.#element.hidden = false;
  }

  async #onAccept(): Promise<void> {
    const level = this.#level;
    await level.choose(level.chosen === 'all' ? 'all' : 'mentions');
    if (!level.note) {
      this.#close();
      return;
    }
    this.#text.textContent = t(level.note);
    this.#decline.textContent = t('hide');
    this.#decline.focus();
    this.#accept.remove();
  }

  #close(): void {
    this.#element.remove();
    byId('timeline').focus({ preventScroll: true });
  }
}
