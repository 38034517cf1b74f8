import { BenchSocket } from './socket.ts';

/** One who waits on `/chat`: counts the frames that come, without a look into them. */
export class BenchWaiter extends BenchSocket {
  /** Messages that have come. */
  count = 0;
  readonly #onMessages: (waiter: BenchWaiter, from: number) => void;
  readonly #onMessage: ((text: string) => void) | undefined;
  /** The uid is the first frame, and no message. */
  #hasUid = false;
  /** Messages of which it was told that they came. */
  #told = 0;

  /**
   * @param onMessages hears that messages came, and how many there had been before
   * @param onMessage hears the text of each
   */
  constructor(
    port: number,
    onMessages: (waiter: BenchWaiter, from: number) => void,
    onMessage?: (text: string) => void,
  ) {
    super(port, '/chat');
    this.#onMessages = onMessages;
    this.#onMessage = onMessage;
  }

  /** Ends when the waiter is known to the server: its uid has come. */
  async ready(): Promise<void> {
    while (!this.#hasUid) await new Promise(setImmediate);
  }

  say(message: string): void {
    this.send(JSON.stringify({ uid: '', message }));
  }

  protected override onText(data: Buffer, from: number, to: number): void {
    if (this.#hasUid) {
      this.#onMessage?.(data.toString('utf8', from, to));
      this.count += 1;
    }
    this.#hasUid = true;
  }

  protected override onRead(): void {
    if (this.count > this.#told) this.#onMessages(this, this.#told);
    this.#told = this.count;
  }
}
