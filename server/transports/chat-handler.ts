import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import type { Admission } from '../auth/admission.ts';
import type { Person } from '../auth/user.ts';
import type { Cursor } from '../core/cursor.ts';
import { asRefusal, Refusal, type RefusalCode } from '../core/errors.ts';
import type { Presence } from '../core/presence-tracker.ts';
import type { Room } from '../core/room.ts';
import { type Sink, Waiter } from '../core/waiter.ts';
import { readCid, readCommand } from '../features/command.ts';
import { isKeeper } from '../features/moderation/room-settings.ts';
import { readJson } from '../http/request/body.ts';
import type { SendLimits } from '../limits/send-limits.ts';
import type { Language } from '../shared/i18n.ts';
import type { Stream, Streams } from './connection-registry.ts';
import { drained } from './drained.ts';
import type { WebSocketEncoding } from './framing/websocket.ts';
import { logFailure } from './log-failure.ts';

/** Codes of a close (RFC 6455, section 7.4.1, and the IANA registry that continues it). */
const CLOSE = { policyViolation: 1008, internalError: 1011, serviceRestart: 1012 } as const;

/** How long the line of one who may not be there any more is left open for them to close. */
const DISMISSED_MS = 1_000;

export interface Connection {
  readonly ws: WebSocket;
  /**
   * The socket under `ws`. Whole frames are written to it directly: `ws` neither compresses nor
   * fragments here, so that its own control frames fall between ours.
   */
  readonly socket: Duplex;
  readonly room: Room;
  readonly person: Person;
  /** By what they are let in. */
  readonly admission: Admission;
  readonly encoding: WebSocketEncoding;
  readonly language: Language;
  readonly sendLimits: SendLimits;
  readonly streams: Streams;
  readonly logger: Logger;
}

/** One visitor's WebSocket in a room. */
export class ChatHandler implements Sink, Stream {
  readonly #connection: Connection;
  readonly #waiter: Waiter;
  readonly #presence: Presence;
  #draining: Promise<boolean> | undefined;
  #isAlive = true;

  constructor(connection: Connection) {
    const { ws, room, person, admission, encoding, streams, logger } = connection;
    this.#connection = connection;
    this.#waiter = new Waiter(room, this, encoding, admission);
    ws.on('message', (data: Buffer, isBinary) => this.#receive(data, isBinary));
    ws.on('ping', (data) => this.#pong(data));
    ws.on('pong', () => this.#hearPong());
    ws.on('close', () => {
      streams.delete(this);
      room.leave(this.#waiter);
      room.depart(this.#presence);
    });
    // What a client breaks of the protocol; ws answers it with the code of the close.
    ws.on('error', (error) => logger.debug(error, 'websocket'));
    streams.add(this);
    room.enter(this.#waiter);
    this.#presence = room.attend(person);
  }

  get person(): Person {
    return this.#connection.person;
  }

  /** Greets the visitor, and lets it hear what happens after the cursor. */
  open(after: Cursor | undefined): Promise<void> {
    const { encoding, person } = this.#connection;
    this.write(encoding.welcome(person));
    return this.#waiter.start(after);
  }

  write(frames: Buffer): boolean {
    const { ws, socket } = this.#connection;
    if (ws.readyState !== WebSocket.OPEN || frames.length === 0) return true;
    return socket.write(frames) || this.#hold();
  }

  drained(): Promise<boolean> {
    return this.#draining ?? Promise.resolve(this.#connection.ws.readyState === WebSocket.OPEN);
  }

  fail(error: unknown): void {
    logFailure(this.#connection.logger, error);
    this.#connection.ws.close(CLOSE.internalError);
  }

  /** Says why, and closes. */
  dismiss(why: RefusalCode): void {
    this.#refuse(new Refusal(why));
    void this.#close(CLOSE.policyViolation, DISMISSED_MS);
  }

  end(withinMs: number): Promise<void> {
    return this.#close(CLOSE.serviceRestart, withinMs);
  }

  /** Asks whether the peer is there. One that has not answered since the last time is cut off. */
  beat(): void {
    // One who is behind is not read from; the stall is watched instead.
    if (this.#draining) return;
    const { ws } = this.#connection;
    if (this.#isAlive) ws.ping();
    else ws.terminate();
    this.#isAlive = false;
    // A page does not see pings: it hears this.
    this.#waiter.beat();
  }

  /** One that does not close its end within the time is cut off. */
  async #close(code: number, withinMs: number): Promise<void> {
    const { ws } = this.#connection;
    if (ws.readyState === WebSocket.CLOSED) return;
    const timer = setTimeout(() => ws.terminate(), withinMs);
    await new Promise((resolve) => {
      ws.once('close', resolve);
      ws.close(code);
    });
    clearTimeout(timer);
  }

  async #receive(data: Buffer, isBinary: boolean): Promise<void> {
    const { ws, room, person, encoding } = this.#connection;
    // Who was told to leave may take their time, but says nothing more.
    if (ws.readyState !== WebSocket.OPEN) return;
    let value: unknown;
    this.#isAlive = true;
    try {
      const isTooMuch = this.#isTooMuch();
      if (isBinary) throw new Refusal('not-text');
      value = readJson(data.toString());
      if (isTooMuch) throw new Refusal('slow-down');
      const command = readCommand(value);
      const { change, isNew } = (await room.do(command, person, this.#presence)) ?? {};
      // The message itself has its place in the stream, which may still be catching up to it.
      const cid = isNew === false ? readCid(value) : null;
      if (change?.message && cid !== null) this.write(encoding.ack(cid, change.message.id));
    } catch (error) {
      this.#refuse(error, readCid(value));
    }
  }

  #pong(data: Buffer): void {
    const { ws, socket } = this.#connection;
    if (this.#isTooMuch()) this.#refuse(new Refusal('slow-down'));
    else ws.pong(data);
    if (socket.writableNeedDrain) this.#hold();
  }

  /** An answer to a ping of ours is free, one that nobody asked for is something sent. */
  #hearPong(): void {
    if (this.#isAlive) this.#isTooMuch();
    this.#isAlive = true;
  }

  /** Counts what came. Whoever goes on where it is too much is cut off. */
  #isTooMuch(): boolean {
    const { ws, room, person, sendLimits } = this.#connection;
    const verdict = sendLimits.take(person);
    if (verdict === 'flood' && ws.readyState === WebSocket.OPEN) this.dismiss('flood');
    // Whoever keeps the room can do so while others at their address flood it.
    if (verdict === 'address') return !isKeeper(room.settings, person);
    return verdict !== 'taken';
  }

  #refuse(error: unknown, cid: string | null = null): void {
    const { encoding, language, logger } = this.#connection;
    const refusal = asRefusal(error, (e) => logger.error(e, 'a message could not be handled'));
    this.write(encoding.notice(refusal, language, cid));
  }

  /**
   * The socket is full: waits until it has drained, and reads nothing more from it until then. Who
   * does not take the answers may not go on asking.
   */
  #hold(): false {
    const { ws, socket } = this.#connection;
    if (this.#draining) return false;
    ws.pause();
    this.#draining = drained(socket).finally(() => {
      this.#draining = undefined;
      ws.resume();
    });
    return false;
  }
}
