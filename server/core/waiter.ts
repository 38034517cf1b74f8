import type { Admission } from '../auth/admission.ts';
import type { TextType } from '../features/messages/fragment.ts';
import type { Reader } from '../features/messages/renderer.ts';
import type { Batch } from './batch.ts';
import { type Cursor, formatCursor } from './cursor.ts';
import type { Frames } from './encoded-frames.ts';
import type { RefusalCode } from './errors.ts';
import type { Encoding } from './framing.ts';

/** What is for one waiter alone and comes while it is behind: of more, the first is lost. */
const MAX_OWN = 32;

/** A transport's end of a stream: where a waiter's bytes go. */
export interface Sink {
  /** Takes whole frames. False: it is full, and takes no more until `drained`. */
  write(frames: Buffer): boolean;
  /** Waits until it can take more. False: it is closed, or has drained nothing for too long. */
  drained(): Promise<boolean>;
  /** Ends the stream: the waiter cannot be fed. */
  fail(error: unknown): void;
  /** Ends the stream: the waiter may not be there any more. */
  dismiss(why: RefusalCode): void;
}

/** What a waiter is fed from: its room. */
export interface Source {
  readonly epoch: string;
  /** The number of the last change everybody was told of. */
  readonly head: number;
  /** Where one begins who has nothing: the last messages come after it. */
  readonly historyFloor: number;
  /** Whether what came after the cursor can be had whole, and is not too much to send. */
  canResume(cursor: Cursor): Promise<boolean>;
  /**
   * The first of what changed after `seq`, up to `head`.
   * @param floor changes of what was posted up to there are left out: a newcomer does not have it
   */
  read(seq: number, floor: number, reader: Reader): Promise<Piece>;
  /** The first of what was posted after the message `id`, as it is now: for who hears no changes. */
  posted(id: number, reader: Reader): Promise<Piece>;
  /** What is beside the log now: how the room is kept, and who is here. */
  aside(encoding: Encoding): Buffer;
}

export interface Piece {
  readonly batch: Batch | undefined;
  /** All changes up to this one are in the piece, or came before it. */
  readonly upTo: number;
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
  readonly #source: Source;
  readonly #sink: Sink;
  readonly #encoding: Encoding;
  /** The last change it was given. */
  #seq = 0;
  #isLevel = false;
  /** Where it began that has just come, and has nothing from before. */
  #floor = 0;
  /** What was for it while it was behind. */
  #own: readonly Frames[] | undefined;

  constructor(source: Source, sink: Sink, encoding: Encoding, admission: Admission) {
    this.admission = admission;
    this.#source = source;
    this.#sink = sink;
    this.#encoding = encoding;
  }

  /** Gives it what came after its cursor, or the history where it has none or one of no use. */
  async start(after?: Cursor): Promise<void> {
    try {
      const canResume = after && (await this.#source.canResume(after));
      if (after && !canResume) this.#sink.write(this.#encoding.gap());
      this.#floor = canResume ? 0 : this.#source.historyFloor;
      this.#seq = canResume ? after.seq : this.#floor;
      if (await this.#catchUp()) this.beat();
    } catch (error) {
      this.#sink.fail(error);
    }
  }

  /** What it is sent of a message. */
  get type(): TextType {
    return this.#encoding.type;
  }

  /** One write, however many messages the batch has, of bytes made once for all. */
  deliver(batch: Batch): void {
    if (!this.#isLevel) return;
    this.#seq = batch.head;
    if (!this.#sink.write(batch.frames(this.#encoding))) this.fallBehind();
  }

  /** Has it catch up, in pieces, with what its room has got: that was too much to be delivered. */
  fallBehind(): void {
    if (!this.#isLevel) return;
    this.#isLevel = false;
    this.#catchUp().catch((error) => this.#sink.fail(error));
  }

  /** Tells it what is beside the log. One who is behind hears of it when it is level again. */
  tell(frames: Frames): void {
    if (this.#isLevel) this.#sink.write(frames(this.#encoding));
  }

  /** The same with what is not for all, and so not in what is told to all who become level. */
  tellOwn(frames: Frames): void {
    if (this.#isLevel) this.tell(frames);
    else this.#own = [...(this.#own ?? []), frames].slice(-MAX_OWN);
  }

  dismiss(why: RefusalCode): void {
    this.#sink.dismiss(why);
  }

  /** Its room cannot feed it any more. */
  fail(error: unknown): void {
    this.#sink.fail(error);
  }

  /** Tells it where it stands: it has all up to there, and the line is alive. */
  beat(): void {
    if (!this.#isLevel) return;
    const { epoch } = this.#source;
    this.#sink.write(this.#encoding.live(formatCursor({ epoch, seq: this.#seq })));
  }

  /** Feeds it until it is level with its room. False: its sink is closed. */
  async #catchUp(): Promise<boolean> {
    const reader = { type: this.type, address: this.admission.who.address };
    while (await this.#sink.drained()) {
      // Nothing comes between this look and the next batch: from here on it rides along.
      if (this.#seq >= this.#source.head) {
        this.#isLevel = true;
        this.#floor = 0;
        this.#sink.write(this.#source.aside(this.#encoding));
        for (const frames of this.#own ?? []) this.tell(frames);
        this.#own = undefined;
        return true;
      }
      const { batch, upTo } = await (this.#encoding.isNewOnly
        ? this.#source.posted(this.#seq, reader)
        : this.#source.read(this.#seq, this.#floor, reader));
      this.#seq = upTo;
      if (batch) this.#sink.write(batch.frames(this.#encoding));
    }
    return false;
  }
}
