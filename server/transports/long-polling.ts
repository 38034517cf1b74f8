import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Admission } from '../auth/admission.ts';
import type { Person } from '../auth/user.ts';
import { type Cursor, formatCursor } from '../core/cursor.ts';
import type { Room } from '../core/room.ts';
import { type Sink, Waiter } from '../core/waiter.ts';
import type { Stream, Streams } from './connection-registry.ts';
import type { AnswerEncoding } from './framing/changes-response.ts';
import { logFailure } from './log-failure.ts';
import { sendBody } from './send-body.ts';

export interface LongPollParts {
  readonly response: ServerResponse;
  /** What the answer begins with. */
  readonly head: OutgoingHttpHeaders;
  readonly room: Room;
  readonly person: Person | undefined;
  readonly admission: Admission;
  readonly encoding: AnswerEncoding;
  /** Where the client stands. */
  readonly after: Cursor;
  /** How long it waits for news. */
  readonly waitMs: number;
  readonly streams: Streams;
  readonly logger: Logger;
  /** To be called when it has ended. */
  readonly release: () => void;
}

/** A request that is answered as soon as there is news, or with nothing when its wait is over. */
export class LongPoll implements Sink, Stream {
  readonly #parts: LongPollParts;
  readonly #waiter: Waiter;
  readonly #timer: NodeJS.Timeout;

  constructor(parts: LongPollParts) {
    const { response, room, admission, encoding, after, waitMs, streams } = parts;
    this.#parts = parts;
    this.#waiter = new Waiter(room, this, encoding, admission);
    this.#timer = setTimeout(() => this.#answerNothing(), waitMs);
    response.once('close', () => {
      this.#leave();
      parts.release();
    });
    streams.add(this);
    room.enter(this.#waiter);
    this.#waiter.start(after);
  }

  /** The first news is the whole answer. */
  write(frames: Buffer): boolean {
    if (frames.length > 0) this.#answer(frames);
    return true;
  }

  drained(): Promise<boolean> {
    return Promise.resolve(!this.#parts.response.headersSent);
  }

  fail(error: unknown): void {
    logFailure(this.#parts.logger, error);
    this.#parts.response.destroy();
  }

  get person(): Person | undefined {
    return this.#parts.person;
  }

  /** The next request hears why. */
  dismiss(): void {
    this.#answerNothing();
  }

  /** A poll is short: its end comes before anybody would wonder. */
  beat(): void {}

  async end(): Promise<void> {
    this.#answerNothing();
  }

  #answerNothing(): void {
    const { encoding, after } = this.#parts;
    this.#answer(encoding.answer({ isGap: false, fragments: [], cursor: formatCursor(after) }));
  }

  #answer(body: Buffer): void {
    const { response, head } = this.#parts;
    this.#leave();
    if (!response.headersSent) sendBody(response, head, body);
  }

  #leave(): void {
    const { room, streams } = this.#parts;
    clearTimeout(this.#timer);
    streams.delete(this);
    room.leave(this.#waiter);
  }
}
