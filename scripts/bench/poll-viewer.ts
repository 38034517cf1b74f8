import { BenchSocket } from './socket.ts';

const POLL = Buffer.from('<article class="message poll');
const MESSAGE = Buffer.from('<article class="message');
const LIVE = Buffer.from('<div id="synced"');

/** Views a room with a poll: records arrival times, and the latest state of the poll. */
export class PollViewer extends BenchSocket {
  /** When the messages arrived, in order. */
  readonly messagesAt: number[] = [];
  /** When the poll arrived. */
  readonly pollsAt: number[] = [];
  #poll: Buffer = Buffer.alloc(0);
  #isLive = false;

  constructor(port: number, room: string) {
    super(port, `/rooms/${room}/live`, { 'Sec-WebSocket-Protocol': 'html' });
  }

  /** Resolves when it has caught up and is live. */
  async ready(): Promise<void> {
    while (!this.#isLive) await new Promise(setImmediate);
  }

  /** The id of the latest poll. */
  get poll(): number {
    return Number(/ id="m-(\d+)"/.exec(this.#poll.toString())?.[1]);
  }

  /** The latest counts of the poll. */
  get counts(): readonly number[] {
    return [...this.#poll.toString().matchAll(/ data-count="(\d+)"/g)].map(([, n]) => Number(n));
  }

  protected override onText(data: Buffer, from: number, to: number): void {
    const startsWith = (what: Buffer) =>
      data.compare(what, 0, what.length, from, from + what.length) === 0;
    if (startsWith(POLL)) {
      this.pollsAt.push(performance.now());
      this.#poll = Buffer.from(data.subarray(from, to));
    } else if (startsWith(MESSAGE)) {
      this.messagesAt.push(performance.now());
    } else if (startsWith(LIVE)) this.#isLive = true;
  }
}
