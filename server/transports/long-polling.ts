import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { User } from '../auth/user.ts';
import type { Admission } from '../core/admission.ts';
import { type Cursor, formatCursor } from '../core/cursor.ts';
import { type Connection, Waiter } from '../core/waiter.ts';
import type { ChatRoom } from '../features/rooms/chat-room.ts';
import type { ConnectionRegistry, RegisteredConnection } from './connection-registry.ts';
import type { ChangesFraming } from './framing/changes-response.ts';
import { logFailure } from './log-failure.ts';
import { sendBody } from './send-body.ts';

/** Reactions are collected for this long: an audience that reacts all the time is one answer in a while. */
const REACTIONS_MS = 2_000;

interface LongPollOptions {
  readonly response: ServerResponse;
  /** The headers of a response that has the live reactions up to a position. */
  readonly head: (reactions: number) => OutgoingHttpHeaders;
  readonly room: ChatRoom;
  readonly user: User | undefined;
  readonly admission: Admission;
  readonly framing: ChangesFraming;
  /** The client's cursor. */
  readonly after: Cursor;
  /** The live reactions that the client has received; `undefined` if it wants none. */
  readonly reactionsAfter: number | undefined;
  /** How long it waits for news. */
  readonly waitMs: number;
  readonly connections: ConnectionRegistry;
  readonly logger: Logger;
  /** To be called when it has ended. */
  readonly release: () => void;
}

/** A request that is answered as soon as there is news, or with nothing when its wait is over. */
export class LongPoll implements Connection, RegisteredConnection {
  readonly transport = 'long-polling';
  readonly #parts: LongPollOptions;
  readonly #waiter: Waiter;
  readonly #timer: NodeJS.Timeout;
  readonly #ignoreReactions: () => void;
  #reactionsTimer: NodeJS.Timeout | undefined;

  constructor(parts: LongPollOptions) {
    const { response, room, admission, framing, after, waitMs, connections } = parts;
    this.#parts = parts;
    this.#waiter = new Waiter(room, this, framing, admission);
    this.#timer = setTimeout(() => this.#answerNothing(), waitMs);
    response.once('close', () => {
      this.#leave();
      parts.release();
    });
    this.#ignoreReactions = room.reactions.onNext(() => this.#onReactions());
    connections.add(this);
    room.subscribe(this.#waiter);
    this.#waiter.start(after);
  }

  /** The first news is the whole response. */
  write(frames: Buffer): boolean {
    if (frames.length > 0) this.#answer(frames);
    return true;
  }

  whenDrained(): Promise<boolean> {
    return Promise.resolve(!this.#parts.response.headersSent);
  }

  fail(error: unknown): void {
    logFailure(this.#parts.logger, error);
    this.#parts.response.destroy();
  }

  get user(): User | undefined {
    return this.#parts.user;
  }

  /** The next request gets the reason. */
  disconnect(): void {
    this.#answerNothing();
  }

  /** A long poll ends before it would need one. */
  heartbeat(): void {}

  async close(): Promise<void> {
    this.#answerNothing();
  }

  #answerNothing(): void {
    const { framing, after, room } = this.#parts;
    const { position } = room.reactions;
    const reactions = room.reactions.after(this.#reactionsAfter, framing.type);
    const nothing = { isReset: false, fragments: [], cursor: formatCursor(after) };
    this.#answer(framing.answer(nothing, reactions), position);
  }

  /** A client that wants none has received all of them. */
  get #reactionsAfter(): number {
    return this.#parts.reactionsAfter ?? this.#parts.room.reactions.position;
  }

  #onReactions(): void {
    if (this.#parts.reactionsAfter === undefined) return;
    this.#reactionsTimer ??= setTimeout(() => this.#answerNothing(), REACTIONS_MS);
  }

  /** @param reactions where the client is with the live reactions, after this */
  #answer(body: Buffer, reactions = this.#reactionsAfter): void {
    const { response, head } = this.#parts;
    this.#leave();
    if (!response.headersSent) sendBody(response, head(reactions), body);
  }

  #leave(): void {
    const { room, connections } = this.#parts;
    clearTimeout(this.#timer);
    clearTimeout(this.#reactionsTimer);
    this.#ignoreReactions();
    connections.delete(this);
    room.unsubscribe(this.#waiter);
  }
}
