import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import { canModerate } from '../auth/permissions.ts';
import type { User } from '../auth/user.ts';
import type { Admission } from '../core/admission.ts';
import type { Counters } from '../core/counters.ts';
import type { Cursor } from '../core/cursor.ts';
import { ChatError, type ErrorCode, toChatError } from '../core/errors.ts';
import type { Presence } from '../core/presence-tracker.ts';
import { type Connection, Waiter } from '../core/waiter.ts';
import { parseClientId } from '../features/client-id.ts';
import { parseCommand } from '../features/command.ts';
import type { ChatRoom } from '../features/rooms/chat-room.ts';
import { readJson } from '../http/request/body.ts';
import type { SendLimits } from '../limits/send-limits.ts';
import type { Language } from '../shared/i18n.ts';
import type {
  CloseReason,
  ConnectionRegistry,
  RegisteredConnection,
} from './connection-registry.ts';
import { whenDrained } from './drained.ts';
import type { WebSocketFraming } from './framing/websocket.ts';
import { logFailure } from './log-failure.ts';

/** Close codes (RFC 6455, section 7.4.1, and the IANA registry that extends it). */
const CLOSE = {
  policyViolation: 1008,
  internalError: 1011,
  serviceRestart: 1012,
  tryAgainLater: 1013,
} as const;

/** How long a client that has lost access may take to close its connection. */
const CLOSE_GRACE_MS = 1_000;

interface WebSocketContext {
  readonly ws: WebSocket;
  /**
   * The socket under `ws`. Whole frames are written to it directly: `ws` neither compresses nor
   * fragments here, so that its own control frames fall between ours.
   */
  readonly socket: Duplex;
  readonly room: ChatRoom;
  readonly user: User;
  /** What admitted the user. */
  readonly admission: Admission;
  readonly framing: WebSocketFraming;
  readonly language: Language;
  readonly sendLimits: SendLimits;
  readonly connections: ConnectionRegistry;
  readonly counters: Counters;
  readonly logger: Logger;
}

/** One client's WebSocket in a room. */
export class ChatHandler implements Connection, RegisteredConnection {
  readonly transport = 'websocket';
  readonly #context: WebSocketContext;
  readonly #waiter: Waiter;
  readonly #presence: Presence;
  #draining: Promise<boolean> | undefined;
  /** The latest ping of the client. */
  #ping: Buffer | undefined;
  #isAlive = true;

  constructor(context: WebSocketContext) {
    const { ws, room, user, admission, framing, connections, logger } = context;
    this.#context = context;
    this.#waiter = new Waiter(room, this, framing, admission);
    ws.on('message', (data: Buffer, isBinary) => this.#onMessage(data, isBinary));
    ws.on('ping', (data) => this.#onPing(data));
    ws.on('pong', () => this.#onPong());
    ws.on('close', () => {
      connections.delete(this);
      room.unsubscribe(this.#waiter);
      room.leave(this.#presence);
    });
    // A protocol error of the client; ws answers it with the close code.
    ws.on('error', (error) => logger.debug(error, 'websocket'));
    connections.add(this);
    room.subscribe(this.#waiter, user);
    this.#presence = room.join(user);
  }

  get user(): User {
    return this.#context.user;
  }

  /** Sends the welcome, then what happens after the cursor. */
  open(after: Cursor | undefined): Promise<void> {
    const { framing, user } = this.#context;
    this.write(framing.welcome(user));
    return this.#waiter.start(after);
  }

  write(frames: Buffer): boolean {
    const { ws, socket } = this.#context;
    if (ws.readyState !== WebSocket.OPEN || frames.length === 0) return true;
    return socket.write(frames) || this.#pauseUntilDrained();
  }

  whenDrained(): Promise<boolean> {
    return this.#draining ?? Promise.resolve(this.#context.ws.readyState === WebSocket.OPEN);
  }

  fail(error: unknown): void {
    logFailure(this.#context.logger, error);
    const isLater = error instanceof ChatError && error.status === 503;
    this.#context.ws.close(isLater ? CLOSE.tryAgainLater : CLOSE.internalError);
  }

  /** Sends the reason, and closes. */
  disconnect(why: ErrorCode): void {
    this.write(this.#errorFrames(new ChatError(why)));
    void this.#closeWithin(CLOSE.policyViolation, CLOSE_GRACE_MS);
  }

  close(withinMs: number, why: CloseReason): Promise<void> {
    const code = why === 'restart' ? CLOSE.serviceRestart : CLOSE.tryAgainLater;
    return this.#closeWithin(code, withinMs);
  }

  /** Pings the peer. A peer that has sent nothing since the last ping is disconnected. */
  heartbeat(): void {
    // A full connection is not read from; the stall is watched instead.
    if (this.#draining) return;
    const { ws } = this.#context;
    if (this.#isAlive) ws.ping();
    else ws.terminate();
    this.#isAlive = false;
    // A page does not see pings: it gets this.
    this.#waiter.heartbeat();
  }

  /** A peer that does not close its end within the time is cut off. */
  async #closeWithin(code: number, withinMs: number): Promise<void> {
    const { ws } = this.#context;
    if (ws.readyState === WebSocket.CLOSED) return;
    const timer = setTimeout(() => ws.terminate(), withinMs);
    await new Promise((resolve) => {
      ws.once('close', resolve);
      ws.close(code);
    });
    clearTimeout(timer);
  }

  async #onMessage(data: Buffer, isBinary: boolean): Promise<void> {
    const { ws, room, user, framing } = this.#context;
    // A client that was disconnected may take its time to close, but sends nothing more.
    if (ws.readyState !== WebSocket.OPEN) return;
    this.#isAlive = true;
    const isTooMuch = this.#exceedsLimits();
    // It may have been read together with messages whose responses fill the connection.
    while (this.#draining) await this.#draining;
    if (ws.readyState !== WebSocket.OPEN) return;
    let value: unknown;
    try {
      if (isBinary) throw new ChatError('not-text');
      value = readJson(data.toString());
      if (isTooMuch) throw new ChatError('rate-limited');
      const command = parseCommand(value);
      const { change, isNew } = (await room.execute(command, user, this.#presence)) ?? {};
      // A new message acknowledges itself: it comes in order in the stream, which may still be
      // catching up to it.
      if (command.type === 'post-message' && isNew !== false) return;
      const cid = parseClientId(value);
      if (cid !== null) await this.#respond(framing.ack(cid, change?.message?.id ?? null));
    } catch (error) {
      await this.#respond(this.#errorFrames(error, parseClientId(value)));
    }
  }

  async #onPing(data: Buffer): Promise<void> {
    const { ws, socket } = this.#context;
    if (this.#exceedsLimits())
      return this.#respond(this.#errorFrames(new ChatError('rate-limited')));
    this.#ping = data;
    while (this.#draining) await this.#draining;
    // A pong answers the pings before it, too (RFC 6455, section 5.5.3).
    if (ws.readyState !== WebSocket.OPEN || this.#ping !== data) return;
    ws.pong(data);
    if (socket.writableNeedDrain) this.#pauseUntilDrained();
  }

  /** A pong for our ping is free, an unsolicited one counts as something sent. */
  #onPong(): void {
    if (this.#isAlive) this.#exceedsLimits();
    this.#isAlive = true;
  }

  /** Counts what was received. A client that keeps exceeding the limit is cut off. */
  #exceedsLimits(): boolean {
    const { ws, room, user, sendLimits } = this.#context;
    const verdict = sendLimits.take(user);
    if (verdict === 'flood' && ws.readyState === WebSocket.OPEN)
      this.disconnect('rate-limit-disconnect');
    // Moderators of the room can still send while others at their address flood it.
    if (verdict === 'address') return !canModerate(room.settings, user);
    return verdict !== 'taken';
  }

  #errorFrames(error: unknown, cid: string | null = null): Buffer {
    const { framing, language, counters, logger } = this.#context;
    const refusal = toChatError(error, (e) => logger.error(e, 'a message could not be handled'));
    counters.refused(refusal.code);
    return framing.error(refusal, language, cid);
  }

  /** Writes the response to a message, as soon as the connection is not full. */
  async #respond(frames: Buffer): Promise<void> {
    while (this.#draining) await this.#draining;
    this.write(frames);
  }

  /**
   * The socket is full: waits until it has drained, and reads nothing more from it until then. A
   * client that does not read responses may not send more requests.
   */
  #pauseUntilDrained(): false {
    const { ws, socket, counters } = this.#context;
    if (this.#draining) return false;
    counters.slowReaders += 1;
    ws.pause();
    this.#draining = whenDrained(socket).finally(() => {
      this.#draining = undefined;
      ws.resume();
    });
    return false;
  }
}
