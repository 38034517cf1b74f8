import type { ConnectionState } from '../connection/connection.ts';
import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';

/** A connection that is back within this time was not missed. */
const SHOWN_AFTER_MS = 2_000;

/** Says above the composer that there is no connection; while all is well, it says nothing. */
export class OfflineStrip {
  readonly #strip = byId('offline');
  readonly #text = this.#strip.querySelector('p') as HTMLElement;
  readonly #button = this.#strip.querySelector('button') as HTMLElement;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param connect opens the connection that the user has closed */
  constructor(connect: () => void) {
    this.#button.addEventListener('click', connect);
  }

  show(state: ConnectionState): void {
    clearTimeout(this.#timer);
    const isClosed = state === 'closed';
    this.#text.textContent = t(isClosed ? 'closed' : 'offline');
    this.#button.hidden = !isClosed;
    if (state !== 'connecting') this.#strip.hidden = !isClosed;
    else if (this.#strip.hidden === true) {
      this.#timer = setTimeout(() => {
        this.#strip.hidden = false;
      }, SHOWN_AFTER_MS);
    }
  }
}
