import type { Connection, ConnectionState } from '../connection/connection.ts';
import { TRANSPORTS } from '../connection/transports.ts';
import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { OfflineStrip } from './offline-strip.ts';

/** The state of the connection, and the controls that close, open and choose it. */
export class ConnectionPanel {
  readonly #strip = new OfflineStrip(() => this.#connect.click());
  readonly #badge = byId('state');
  readonly #close = byId('close');
  readonly #connect = byId('connect');
  readonly #transport = byId<HTMLSelectElement>('transport');

  constructor(connection: Connection) {
    this.#close.addEventListener('click', () => {
      connection.close();
      this.#connect.focus();
    });
    this.#connect.addEventListener('click', () => {
      connection.open();
      this.#close.focus();
    });
    this.#transport.addEventListener('change', () => {
      const { value } = this.#transport;
      connection.setTransport(TRANSPORTS.find(({ name }) => name === value)?.name);
    });
  }

  show(state: ConnectionState): void {
    const isLive = state !== 'connecting' && state !== 'closed';
    this.#strip.show(state);
    this.#badge.dataset.state = isLive ? 'live' : state;
    this.#badge.dataset.transport = isLive ? state : '';
    this.#badge.textContent = t(state);
    this.#close.hidden = state === 'closed';
    this.#connect.hidden = isLive;
  }
}
