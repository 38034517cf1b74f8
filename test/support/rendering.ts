import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { TextType } from '../../server/core/fragment.ts';
import { GroupCommitLog } from '../../server/core/group-commit-log.ts';
import { type Connection, Waiter } from '../../server/core/waiter.ts';
import { MembershipWriter } from '../../server/features/memberships/membership-writer.ts';
import { render } from '../../server/features/messages/fragment.ts';
import { Renderer } from '../../server/features/messages/renderer.ts';
import type { ChatRoom } from '../../server/features/rooms/chat-room.ts';
import { ChatRooms } from '../../server/features/rooms/chat-rooms.ts';
import { Store } from '../../server/features/store.ts';
import { WorkQueue } from '../../server/limits/work-queue.ts';
import { oncePer } from '../../server/shared/once-per.ts';
import { openDataDir } from '../../server/storage/data-dir.ts';
import {
  type WebSocketFraming,
  webSocketFraming,
} from '../../server/transports/framing/websocket.ts';
import { failOnError } from './observer.ts';
import { createUser } from './users.ts';
import { readFrame } from './wire.ts';

export const ADA = createUser('ada', { isModerator: true });

/** A log with its store; rooms can be opened any number of times, with nothing cached. */
export async function openLog(t: TestContext, observer = failOnError) {
  const folder = openDataDir(':memory:');
  const store = await Store.open(folder, observer);
  const log = new GroupCommitLog(store, observer);
  t.after(async () => {
    await log.close();
    await store.close();
    folder.release();
  });
  const open = (renderer = new Renderer()) => {
    const memberships = new MembershipWriter(log);
    const rooms = new ChatRooms({ log, store, memberships, renderer, graceMs: 0 }, (_room, error) =>
      assert.fail(String(error)),
    );
    log.onCommit((batch) => rooms.apply(batch));
    return rooms.open('room');
  };
  return { log, store, open };
}

export function postMessage(room: ChatRoom, message: string, by = ADA) {
  return room.execute({ type: 'post-message', message, cid: null, reply: null, files: [] }, by);
}

/**
 * A renderer that counts: how often each message was rendered as each type, and how much was
 * rendered at most without yielding to the event loop.
 * @param ms the time to render a message, by the renderer's clock
 */
export function countingRenderer(ms = 0) {
  const counts = oncePer((_: TextType) => new Map<string, number>());
  let now = 0;
  let inTurn = 0;
  let max = 0;
  const renderer = new Renderer(
    (message, type) => {
      const key = `${message.id} ${message.seq}`;
      counts(type).set(key, (counts(type).get(key) ?? 0) + 1);
      now += ms;
      if (inTurn === 0) {
        setImmediate(() => {
          inTurn = 0;
        });
      }
      inTurn += 1;
      max = Math.max(max, inTurn);
      return render(message, type);
    },
    new WorkQueue({ now: () => now, cpu: () => now }),
  );
  const sum = (type: TextType) => [...counts(type).values()].reduce((total, n) => total + n, 0);
  return {
    renderer,
    counts,
    /** How often messages were rendered in English, in Chinese, as JSON. */
    get en() {
      return sum('en');
    },
    get zh() {
      return sum('zh');
    },
    get json() {
      return sum('json');
    },
    /** The maximum number of messages rendered in one turn of the event loop. */
    get maxPerTurn() {
      return max;
    },
  };
}

interface ReceivedMessage {
  readonly type: string;
  readonly id: number;
  readonly seq: number;
  readonly body: string;
}

/** A connection that is never full, and records the texts of the frames. */
export class Recorder implements Connection {
  readonly texts: string[] = [];
  /** Bytes of the largest write. */
  maxBytes = 0;
  #more = Promise.withResolvers<void>();

  write(frames: Buffer): boolean {
    this.maxBytes = Math.max(this.maxBytes, frames.length);
    let rest = frames;
    for (let frame = readFrame(rest); frame; frame = readFrame(rest)) {
      this.texts.push(frame.payload.toString());
      rest = rest.subarray(frame.size);
    }
    this.#more.resolve();
    this.#more = Promise.withResolvers();
    return true;
  }

  /** The messages received, if they are JSON. */
  get messages(): readonly ReceivedMessage[] {
    const all: ReceivedMessage[] = this.texts.map((text) => JSON.parse(text));
    return all.filter(({ seq }) => seq !== undefined);
  }

  async until(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) await this.#more.promise;
  }

  whenDrained(): Promise<boolean> {
    return Promise.resolve(true);
  }

  fail(error: unknown): void {
    assert.fail(String(error));
  }

  disconnect(): void {}
}

interface ReceivedFrame {
  readonly type: string;
  readonly id?: number;
}

/** A connection that is full after each write, until it is drained. It records JSON frames. */
export class SlowConnection implements Connection {
  readonly frames: ReceivedFrame[] = [];
  #full = Promise.withResolvers<void>();
  #drained = Promise.resolve(true);
  #drain: () => void = () => {};

  /** Waits until there was a write. */
  get full(): Promise<void> {
    return this.#full.promise;
  }

  get messages(): readonly ReceivedFrame[] {
    return this.frames.filter(({ type }) => type === 'message');
  }

  drain(): void {
    this.#full = Promise.withResolvers();
    this.#drain();
  }

  write(frames: Buffer): boolean {
    let rest = frames;
    for (let frame = readFrame(rest); frame; frame = readFrame(rest)) {
      this.frames.push(JSON.parse(frame.payload.toString()));
      rest = rest.subarray(frame.size);
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#drained = promise;
    this.#drain = () => resolve(true);
    this.#full.resolve();
    return false;
  }

  whenDrained(): Promise<boolean> {
    return this.#drained;
  }

  fail(error: unknown): void {
    assert.fail(String(error));
  }

  disconnect(): void {}
}

/** A waiter in a room. */
export function openWaiter(room: ChatRoom, encoding: WebSocketFraming = webSocketFraming('json')) {
  const connection = new Recorder();
  const waiter = new Waiter(room, connection, encoding, { who: ADA, passwordHash: null });
  room.subscribe(waiter);
  return { connection, waiter };
}
