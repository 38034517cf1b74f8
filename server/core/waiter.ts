import type { Admission } from '../auth/admission.ts';
import type { TextType } from '../features/messages/fragment.ts';
import type { Reader } from '../features/messages/renderer.ts';
import type { Batch } from './batch.ts';
import { type Cursor, formatCursor } from './cursor.ts';
import type { EncodedFrames } from './encoded-frames.ts';
import type { ErrorCode } from './errors.ts';
import type { Framing } from './framing.ts';

/** What is for one waiter alone and comes while it is behind: of more, the first is lost. */
const MAX_PENDING_OWN = 32;

/** A transport's end of a stream: where a waiter's bytes go. */
export interface Connection {
  /** Takes whole frames. False: it is full, and takes no more until `drained`. */
  write(frames: Buffer): boolean;
  /** Waits until it can take more. False: it is closed, or has drained nothing for too long. */
  whenDrained(): Promise<boolean>;
  /** Ends the stream: the waiter cannot be fed. */
  fail(error: unknown): void;
  /** Ends the stream: the waiter may not be there any more. */
  disconnect(why: ErrorCode): void;
}

/** What a waiter is fed from: its room. */
export interface ChangeFeed {
  readonly epoch: string;
  /** The number of the last change everybody was told of. */
  readonly head: number;
  /** Where one begins who has nothing: the last messages come after it. */
  readonly historyStart: number;
  /** Whether what came after the cursor can be had whole, and is not too much to send. */
  canResume(cursor: Cursor): Promise<boolean>;
  /**
   * The first of what changed after `seq`, up to `head`.
   * @param floor changes of what was posted up to there are left out: a newcomer does not have it
   */
  changesAfter(seq: number, floor: number, reader: Reader): Promise<Chunk>;
  /** The first of what was posted after the message `id`, as it is now: for who hears no changes. */
  messagesAfter(id: number, reader: Reader): Promise<Chunk>;
  /** What is beside the log now: how the room is kept, and who is here. */
  stateFrames(framing: Framing): Buffer;
}

export interface Chunk {
  readonly batch: Batch | undefined;
  /** All changes up to this one are in the piece, or came before it. */
  readonly throughSeq: number;
}

/**
 * One who waits for what happens in a room: a cursor over its log.
 *
 * A waiter is level, and each batch is written to it as it comes; or it is behind, because it has
 * just come or its sink is full, and is fed in pieces, as fast as its sink drains.
 */
export class Waiter {
  /** Whose it is, and by what they are here. */
  readonly admission: Admission;
  readonly #feed: ChangeFeed;
  readonly #connection: Connection;
  readonly #framing: Framing;
  /** The last change it was given. */
  #seq = 0;
  #isLive = false;
  /** Where it began that has just come, and has nothing from before. */
  #historyStart = 0;
  /** What was for it while it was behind. */
  #pendingOwn: readonly EncodedFrames[] | undefined;

  constructor(feed: ChangeFeed, connection: Connection, framing: Framing, admission: Admission) {
    this.admission = admission;
    this.#feed = feed;
    this.#connection = connection;
    this.#framing = framing;
  }

  /** Gives it what came after its cursor, or the history where it has none or one of no use. */
  async start(after?: Cursor): Promise<void> {
    try {
      const canResume = after && (await this.#feed.canResume(after));
      if (after && !canResume) this.#connection.write(this.#framing.reset());
      this.#historyStart = canResume ? 0 : this.#feed.historyStart;
      this.#seq = canResume ? after.seq : this.#historyStart;
      if (await this.#catchUp()) this.heartbeat();
    } catch (error) {
      this.#connection.fail(error);
    }
  }

  /** What it is sent of a message. */
  get type(): TextType {
    return this.#framing.type;
  }

  /** One write, however many messages the batch has, of bytes made once for all. */
  push(batch: Batch): void {
    if (!this.#isLive) return;
    this.#seq = batch.head;
    if (!this.#connection.write(batch.frames(this.#framing))) this.fallBehind();
  }

  /** Has it catch up, in pieces, with what its room has got: that was too much to be delivered. */
  fallBehind(): void {
    if (!this.#isLive) return;
    this.#isLive = false;
    this.#catchUp().catch((error) => this.#connection.fail(error));
  }

  /** Tells it what is beside the log. One who is behind hears of it when it is level again. */
  pushEphemeral(frames: EncodedFrames): void {
    if (this.#isLive) this.#connection.write(frames(this.#framing));
  }

  /** The same with what is not for all, and so not in what is told to all who become level. */
  pushOwn(frames: EncodedFrames): void {
    if (this.#isLive) this.pushEphemeral(frames);
    else this.#pendingOwn = [...(this.#pendingOwn ?? []), frames].slice(-MAX_PENDING_OWN);
  }

  disconnect(why: ErrorCode): void {
    this.#connection.disconnect(why);
  }

  /** Its room cannot feed it any more. */
  fail(error: unknown): void {
    this.#connection.fail(error);
  }

  /** Tells it where it stands: it has all up to there, and the line is alive. */
  heartbeat(): void {
    if (!this.#isLive) return;
    const { epoch } = this.#feed;
    this.#connection.write(this.#framing.synced(formatCursor({ epoch, seq: this.#seq })));
  }

  /** Feeds it until it is level with its room. False: its sink is closed. */
  async #catchUp(): Promise<boolean> {
    const reader = { type: this.type, address: this.admission.who.address };
    while (await this.#connection.whenDrained()) {
      // Nothing comes between this look and the next batch: from here on it rides along.
      if (this.#seq >= this.#feed.head) {
        this.#isLive = true;
        this.#historyStart = 0;
        this.#connection.write(this.#feed.stateFrames(this.#framing));
        for (const frames of this.#pendingOwn ?? []) this.pushEphemeral(frames);
        this.#pendingOwn = undefined;
        return true;
      }
      const { batch, throughSeq } = await (this.#framing.isAppendOnly
        ? this.#feed.messagesAfter(this.#seq, reader)
        : this.#feed.changesAfter(this.#seq, this.#historyStart, reader));
      this.#seq = throughSeq;
      if (batch) this.#connection.write(batch.frames(this.#framing));
    }
    return false;
  }
}
