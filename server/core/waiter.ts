import type { Admission } from './admission.ts';
import type { Batch } from './batch.ts';
import { afterEvent, type Cursor, formatCursor, isBefore, type Position, START } from './cursor.ts';
import type { EncodedFrames } from './encoded-frames.ts';
import type { ErrorCode } from './errors.ts';
import type { TextType } from './fragment.ts';
import type { Framing } from './framing.ts';
import type { Reader } from './renderer.ts';

/** Frames for one waiter alone that wait while it catches up: beyond that, the first is lost. */
const MAX_PENDING_OWN = 32;

/** A transport's end of a stream: where a waiter's bytes go. */
export interface Connection {
  /** Writes whole frames. False: it is full, until `whenDrained` resolves. */
  write(frames: Buffer): boolean;
  /** Resolves when it can take more. False: it is closed, or has drained nothing for too long. */
  whenDrained(): Promise<boolean>;
  /** Ends the stream: the waiter cannot be served. */
  fail(error: unknown): void;
  /** Ends the stream: the waiter is no longer allowed here. */
  disconnect(why: ErrorCode): void;
}

/** What a waiter reads from: its room. */
export interface ChangeFeed {
  readonly epoch: string;
  /** The last change that was pushed to everybody. */
  readonly end: Position;
  /** Where a client without a cursor starts: the latest messages come after it. */
  readonly historyStart: number;
  /** Whether everything after the cursor is available, and not too much to send. */
  canResume(cursor: Cursor): Promise<boolean>;
  /**
   * The first changes after a position, up to `end`.
   * @param floor changes of messages posted up to there are left out: a new client has none of them
   */
  changesAfter(position: Position, floor: number, reader: Reader): Promise<Chunk>;
  /** The first messages posted after `id`, in their current state: for append-only clients. */
  messagesAfter(id: number, reader: Reader): Promise<Chunk>;
  /** The current ephemeral state: room settings and presence. */
  stateFrames(framing: Framing): Buffer;
}

export interface Chunk {
  readonly batch: Batch | undefined;
  /** All changes up to there are in the chunk, or came before it. */
  readonly through: Position;
}

/**
 * A subscriber of a room (the word is Tornado's): a cursor over its log.
 *
 * A waiter is live, and everything is written to it as it comes; or it is catching up, because it
 * is new or its connection is full, and reads chunks as fast as its connection drains. Nothing is
 * written to a full connection, and little is stored for it: of changes its position, and of
 * ephemeral state whether it has missed some.
 */
export class Waiter {
  /** Whose it is, and what admitted them. */
  readonly admission: Admission;
  readonly #feed: ChangeFeed;
  readonly #connection: Connection;
  readonly #framing: Framing;
  /** What it was sent. */
  #position = START;
  #isLive = false;
  /** Where it started, if it had nothing from before. */
  #historyStart = 0;
  /** The ephemeral state is not what it was sent last. */
  #isStale = true;
  /** Frames for it alone that came while it was catching up. */
  #pendingOwn: EncodedFrames[] = [];

  constructor(feed: ChangeFeed, connection: Connection, framing: Framing, admission: Admission) {
    this.admission = admission;
    this.#feed = feed;
    this.#connection = connection;
    this.#framing = framing;
  }

  /** Sends what came after its cursor, or the history if it has none that can be continued. */
  async start(after?: Cursor): Promise<void> {
    try {
      const canResume = after && (await this.#feed.canResume(after));
      if (after && !canResume) this.#connection.write(this.#framing.reset());
      this.#historyStart = canResume ? 0 : this.#feed.historyStart;
      this.#position = canResume ? after : afterEvent(this.#historyStart);
      if (await this.#catchUp()) this.heartbeat();
    } catch (error) {
      this.#connection.fail(error);
    }
  }

  /** Which form of a message it receives. */
  get type(): TextType {
    return this.#framing.type;
  }

  /** How many events of the log it has not been sent; `undefined` where it is live. */
  get lag(): number | undefined {
    return this.#isLive ? undefined : Math.max(0, this.#feed.end.seq - this.#position.seq);
  }

  /** One write, however many messages the batch has, of bytes encoded once for all. */
  push(batch: Batch): void {
    if (!this.#isLive) return;
    this.#position = batch.end;
    this.#write(batch.frames(this.#framing));
  }

  /** Makes it catch up in chunks: what its room received was too much to push at once. */
  fallBehind(): void {
    if (!this.#isLive) return;
    this.#isLive = false;
    this.#catchUp().catch((error) => this.#connection.fail(error));
  }

  /** Sends changed ephemeral state. A waiter that is catching up gets the whole state after it. */
  pushEphemeral(frames: EncodedFrames): void {
    if (this.#isLive) this.#write(frames(this.#framing));
    else this.#isStale = true;
  }

  /** The same for this waiter alone, so not part of the state that all get. */
  pushOwn(frames: EncodedFrames): void {
    if (this.#isLive) {
      this.#write(frames(this.#framing));
      return;
    }
    this.#pendingOwn.push(frames);
    if (this.#pendingOwn.length > MAX_PENDING_OWN) this.#pendingOwn.shift();
  }

  disconnect(why: ErrorCode): void {
    this.#connection.disconnect(why);
  }

  /** Its room cannot serve it any more. */
  fail(error: unknown): void {
    this.#connection.fail(error);
  }

  /** Sends its position: it has everything up to there, and the connection is alive. */
  heartbeat(): void {
    if (!this.#isLive) return;
    const { epoch } = this.#feed;
    // All changes of an event are pushed in one turn: it has every one of them.
    const cursor = formatCursor({ epoch, ...afterEvent(this.#position.seq) });
    this.#write(this.#framing.synced(cursor));
  }

  /** Writes to a live waiter. If that fills its connection, it catches up. */
  #write(frames: Buffer): void {
    if (!this.#connection.write(frames)) this.fallBehind();
  }

  /** Sends what it missed until it is live. False: its connection is closed. */
  async #catchUp(): Promise<boolean> {
    const reader = { type: this.type, address: this.admission.who.address };
    while (await this.#connection.whenDrained()) {
      if (isBefore(this.#position, this.#feed.end)) {
        const { batch, through } = await (this.#framing.isAppendOnly
          ? this.#feed.messagesAfter(this.#position.seq, reader)
          : this.#feed.changesAfter(this.#position, this.#historyStart, reader));
        this.#position = through;
        if (batch) this.#connection.write(batch.frames(this.#framing));
      } else if (this.#sendEphemeral()) {
        // Nothing comes between these checks and the next batch: from here on it is live.
        this.#isLive = true;
        this.#historyStart = 0;
        return true;
      }
    }
    return false;
  }

  /** Sends the ephemeral state and its own frames, as far as it missed them. False: it is full. */
  #sendEphemeral(): boolean {
    if (this.#isStale) {
      this.#isStale = false;
      if (!this.#connection.write(this.#feed.stateFrames(this.#framing))) return false;
    }
    for (let own = this.#pendingOwn.shift(); own; own = this.#pendingOwn.shift()) {
      if (!this.#connection.write(own(this.#framing))) return false;
    }
    return true;
  }
}
