import { applyInOrder } from '../lib/apply-in-order.ts';
import { seqOf } from '../lib/complete-message.ts';
import { byId, messageId, parseFragments } from '../lib/dom.ts';
import { language, t } from '../lib/messages.ts';
import { needsPassword, showPasswordForm } from '../lib/password.ts';
import { Commands } from './commands.ts';
import { Connection, type ConnectionState } from './connection.ts';
import { advanceCursor } from './cursor.ts';
import { FrameBuffer } from './frame-buffer.ts';
import { GuestIdentity } from './guest-identity.ts';
import { post, type ServerError } from './post.ts';
import { learnTime } from './server-clock.ts';

interface RoomFeedOptions {
  readonly room: string;
  /** Of the page as it was rendered. */
  readonly cursor: string | undefined;
  readonly onMessages: (articles: readonly HTMLElement[]) => void;
  /** Something else arrived that is not about the connection. */
  readonly onSignal: (signal: HTMLElement) => void;
  /** What the page shows is incomplete. */
  readonly onReset: () => void;
  /** The connection is live: what a transport does not deliver may have changed. */
  readonly onLive: () => void;
  /** Something was denied, for this reason. */
  readonly onDenied: (why: string) => void;
}

/** A room as a page receives it that shows something else than its messages, with a badge for its state. */
export class RoomFeed {
  readonly guest = new GuestIdentity(() => {});
  readonly #options: RoomFeedOptions;
  readonly #commands: Commands;
  readonly #frames = new FrameBuffer({
    parse: parseFragments,
    apply: (fragments) => this.#receive(fragments),
  });
  readonly #connection: Connection;
  #cursor: string | undefined;

  constructor(options: RoomFeedOptions) {
    const { room, cursor } = options;
    this.#options = options;
    this.#cursor = cursor;
    this.#commands = new Commands({
      send: (text) => this.#connection.send(text),
      post: (command) => post(room, 'commands', this.guest, command),
    });
    this.#connection = new Connection({
      room,
      lang: language,
      cursor: () => {
        this.#frames.flush();
        return this.#cursor;
      },
      token: () => this.guest.token,
      onFrame: (html) => this.add(html),
      whenApplied: (call) => this.#frames.whenApplied(call),
      onState: (state) => this.#show(state),
      onDenied: (why) => this.#deny(why),
    });
    this.#show('connecting');
  }

  get isLive(): boolean {
    return this.#connection.isLive;
  }

  /** Whether it delivers only messages. */
  get isPolling(): boolean {
    return this.#connection.isPolling;
  }

  async open(): Promise<void> {
    await this.guest.restore();
    this.#connection.open();
  }

  /** Sends a command: see `Commands.send`. */
  send(command: object): Promise<ServerError | undefined> {
    return this.#commands.send(command);
  }

  /** Adds what a request received. */
  add(html: string): void {
    this.#frames.add(html);
  }

  #show(state: ConnectionState): void {
    const { isLive } = this;
    const badge = byId('state');
    badge.hidden = isLive;
    badge.dataset.state = isLive ? 'live' : state;
    badge.textContent = t(state);
    if (isLive) this.#commands.resume();
    else this.#commands.connectionLost();
    if (isLive) this.#options.onLive();
  }

  #receive(fragments: readonly HTMLElement[]): void {
    applyInOrder(
      fragments,
      (articles) => {
        for (const article of articles)
          this.#cursor = advanceCursor(this.#cursor, seqOf(article), messageId(article));
        this.#options.onMessages(articles);
      },
      (signal) => this.#handle(signal),
    );
  }

  #handle(signal: HTMLElement): void {
    const { id, dataset, textContent } = signal;
    const { code = '', cid } = dataset;
    const denial = { code, message: textContent };
    if (id === 'welcome') {
      if (dataset.token) this.guest.adopt(dataset.token);
      else this.guest.signIn(dataset.uid ?? '');
    } else if (id === 'reset') {
      this.#cursor = undefined;
      this.#options.onReset();
    } else if (id === 'synced') {
      this.#cursor = dataset.cursor;
      learnTime(dataset.at);
    } else if (id === 'ack') this.#commands.acknowledge(cid);
    else if (id !== 'error') this.#options.onSignal(signal);
    else if (!this.#commands.reject(cid, denial)) this.#deny(denial);
  }

  #deny({ code, message }: ServerError): void {
    if (needsPassword(code)) showPasswordForm();
    else this.#options.onDenied(message);
  }
}
