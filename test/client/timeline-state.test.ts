import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  MAX_MESSAGES,
  type MessageList,
  TimelineState,
} from '../../static/client/room/timeline-state.ts';

interface Message {
  readonly id: number;
  readonly seq: number;
}

/** A page that has messages, without elements. */
class FakeList implements MessageList<Message> {
  messages: Message[] = [];
  readonly held: number[] = [];

  get ids(): readonly number[] {
    return this.messages.map(({ id }) => id);
  }

  get firstId(): number | undefined {
    return this.ids.at(0);
  }

  get lastId(): number | undefined {
    return this.ids.at(-1);
  }

  has(id: number): boolean {
    return this.ids.includes(id);
  }

  idOf({ id }: Message): number {
    return id;
  }

  seqOf({ seq }: Message): number {
    return seq;
  }

  upsert(message: Message): void {
    const others = this.messages.filter(({ id }) => id !== message.id);
    this.messages = [...others, message].toSorted((a, b) => a.id - b.id);
  }

  hold({ id }: Message): void {
    this.held.push(id);
  }

  removeFirst(count: number): void {
    this.messages.splice(0, count);
  }

  removeLast(count: number): void {
    this.messages.splice(-count, count);
  }
}

/** The messages `from` to `to`, as they were posted. */
function posted(from: number, to = from): Message[] {
  return Array.from({ length: to - from + 1 }, (_, n) => ({ id: from + n, seq: from + n }));
}

/** The page of a room, with the messages `from` to `to`. */
function open(from: number, to: number, hasLast = true) {
  const list = new FakeList();
  list.messages = posted(from, to);
  const state = new TimelineState(list, { cursor: `a.${to}`, hasFirst: false, hasLast });
  return { list, state };
}

suite('What arrives', () => {
  test('is inserted in order, advances the cursor, and is new once', () => {
    const { list, state } = open(1, 2);
    assert.deepEqual(state.apply(posted(3, 4)), posted(3, 4));
    assert.deepEqual(list.ids, [1, 2, 3, 4]);
    assert.equal(state.cursor, 'a.4.4');
    assert.deepEqual(state.apply(posted(4)), [], 'what came over another transport, too');
    assert.deepEqual(state.apply([{ id: 2, seq: 5 }]), [], 'a change');
    assert.equal(state.cursor, 'a.5.2');
    assert.equal(list.messages[1]?.seq, 5);
    state.apply([{ id: 1, seq: 1 }]);
    assert.equal(state.cursor, 'a.5.2', 'the cursor never goes back');
  });

  test('does not advance the cursor during a reset, and the next cursor is the server’s', () => {
    const { list, state } = open(1, 2);
    state.reset();
    list.messages = [];
    assert.equal(state.cursor, undefined);
    assert.deepEqual(state.apply(posted(1, 2)), posted(1, 2), 'everything is new');
    assert.equal(state.cursor, undefined);
    state.setCursor('b.2');
    state.apply(posted(3));
    assert.equal(state.cursor, 'b.3.3');
  });

  test('below the page is inserted while the reader is at the end', () => {
    const { list, state } = open(1, MAX_MESSAGES);
    state.scrolled(true);
    state.apply(posted(MAX_MESSAGES + 1));
    assert.equal(state.isAtEnd && state.hasLast, true);
    assert.equal(list.ids.length, MAX_MESSAGES + 1, 'until the page has scrolled');
    state.trimTop();
    assert.deepEqual([state.firstId, state.lastId], [2, MAX_MESSAGES + 1]);
    assert.equal(state.hasFirst, false);
  });

  test('below a page that is not full is inserted wherever the reader is', () => {
    const { list, state } = open(1, 10);
    state.scrolled(false);
    state.apply(posted(11));
    assert.deepEqual([list.ids.length, state.hasLast, state.isAtEnd], [11, true, false]);
  });

  test('below a full page whose reader is further up is held back, and counted', () => {
    const { list, state } = open(1, MAX_MESSAGES);
    state.scrolled(false);
    const [first] = state.apply(posted(MAX_MESSAGES + 1, MAX_MESSAGES + 3));
    assert.equal(first?.id, MAX_MESSAGES + 1, 'it is new all the same');
    assert.deepEqual([list.ids.length, state.hasLast], [MAX_MESSAGES, false]);
    assert.equal(
      state.countBelow(0, () => true),
      3,
    );
    assert.equal(
      state.countBelow(0, ({ id }) => id % 2 === 0),
      1,
    );
    state.apply([{ id: MAX_MESSAGES + 2, seq: 400 }]);
    assert.equal(
      state.countBelow(0, () => true),
      3,
      'an edited message is still one',
    );
    assert.equal(state.findOffscreen(MAX_MESSAGES + 2)?.seq, 400);
    assert.deepEqual(list.held.length, 4);
    state.scrolled(true);
    assert.equal(state.isAtEnd, false, 'the end of the page is not that of the room');
  });

  test('above the page is held back: it is loaded on scrolling there', () => {
    const { list, state } = open(50, 60);
    state.apply([{ id: 10, seq: 61 }]);
    assert.deepEqual(
      list.ids,
      posted(50, 60).map(({ id }) => id),
    );
    assert.equal(
      state.countBelow(0, () => true),
      0,
    );
    assert.equal(state.cursor, 'a.61.10', 'the change has been seen');
    state.insertOlder(posted(1, 49), true);
    assert.equal(list.messages.find(({ id }) => id === 10)?.seq, 61);
    assert.equal(state.findOffscreen(10), undefined);
  });

  test('above the first message of the room does not exist, and is inserted in order', () => {
    const { list, state } = open(5, 9);
    state.insertOlder([], true);
    state.apply([{ id: 3, seq: 10 }]);
    assert.deepEqual(list.ids, [3, 5, 6, 7, 8, 9]);
  });

  test('for a message on the page is applied wherever that is', () => {
    const { list, state } = open(50, 60, false);
    state.apply([{ id: 55, seq: 99 }]);
    assert.equal(list.messages.find(({ id }) => id === 55)?.seq, 99);
  });
});

suite('A reader who scrolls', () => {
  test('up gets older messages, and the surplus is removed at the bottom', () => {
    const { list, state } = open(301, 600);
    state.scrolled(false);
    state.insertOlder(posted(251, 300), false);
    assert.deepEqual([state.firstId, state.lastId], [251, 550]);
    assert.deepEqual([state.hasFirst, state.hasLast], [false, false]);
    state.insertOlder(posted(1, 250), true);
    assert.deepEqual([state.firstId, state.lastId, list.ids.length], [1, 300, MAX_MESSAGES]);
    assert.equal(state.hasFirst, true);
  });

  test('down again gets newer ones, and the surplus is removed at the top, to the end of the room', () => {
    const { list, state } = open(1, MAX_MESSAGES, false);
    state.insertOlder([], true);
    state.insertNewer(posted(301, 350), false);
    assert.deepEqual([state.firstId, state.lastId, list.ids.length], [51, 350, MAX_MESSAGES]);
    assert.deepEqual([state.hasFirst, state.hasLast], [false, false]);
    state.insertNewer(posted(351, 360), true);
    assert.equal(state.hasLast, true);
    assert.equal(state.isAtEnd, false, 'until it has scrolled there');
    state.scrolled(true);
    assert.equal(state.isAtEnd, true);
  });

  test('gets what arrived meanwhile in order, and only once', () => {
    const { list, state } = open(1, MAX_MESSAGES, false);
    state.apply([...posted(351, 352), { id: 320, seq: 353 }]);
    assert.equal(
      state.countBelow(0, () => true),
      3,
    );
    // This page was read before 351 was posted, and before 320 was edited.
    state.insertNewer(posted(301, 350), true);
    assert.equal(list.messages.find(({ id }) => id === 320)?.seq, 353);
    assert.equal(state.hasLast, false, 'a full page is not added to while the reader is above');
    assert.equal(
      state.countBelow(0, () => true),
      2,
    );
    state.insertNewer(posted(351, 352), true);
    assert.deepEqual([state.lastId, state.hasLast], [352, true]);
    assert.equal(new Set(list.ids).size, list.ids.length);
    assert.equal(
      state.countBelow(0, () => true),
      0,
    );
  });

  test('is not at the end of a room of which more was posted than is remembered', () => {
    const { state } = open(300, 310, false);
    state.apply(posted(400, 400 + MAX_MESSAGES));
    state.insertNewer(posted(311, 350), true);
    assert.equal(state.hasLast, false, 'message 400 was forgotten: it has to be loaded');
    state.insertNewer(posted(351, 400), true);
    assert.deepEqual([state.hasLast, state.lastId], [true, 400 + MAX_MESSAGES]);
  });

  test('jumps to the end from anywhere: all is replaced', () => {
    const { state } = open(1, 100, false);
    state.apply([{ id: 1_000, seq: 1_000 }]);
    state.replaceAll(posted(900, 999), { hasFirst: false, hasLast: true });
    assert.deepEqual([state.firstId, state.lastId], [900, 1_000]);
    assert.deepEqual([state.hasFirst, state.hasLast], [false, true]);
  });

  test('of which nothing is left is empty', () => {
    const { list, state } = open(1, 100, false);
    state.replaceAll([], { hasFirst: true, hasLast: true });
    assert.deepEqual([list.ids, state.hasFirst, state.hasLast], [[], true, true]);
  });

  test('opens anywhere: what is outside goes, and arrives below from then on', () => {
    const { list, state } = open(201, 300);
    state.scrolled(true);
    state.replaceAll(posted(1, 100), { hasFirst: true, hasLast: false });
    assert.deepEqual([list.ids.length, state.firstId, state.lastId], [100, 1, 100]);
    assert.deepEqual([state.hasFirst, state.hasLast, state.isAtEnd], [true, false, false]);
    state.apply(posted(301));
    assert.equal(state.lastId, 100);
    assert.equal(
      state.countBelow(0, () => true),
      1,
    );
  });

  test('opens anywhere without losing what arrived while it was loaded, or a change of it', () => {
    const { list, state } = open(50, 60);
    state.apply([...posted(61), { id: 55, seq: 62 }]);
    list.upsert = (message) => {
      const here = list.messages.find(({ id }) => id === message.id);
      if (here && here.seq > message.seq) return;
      const others = list.messages.filter(({ id }) => id !== message.id);
      list.messages = [...others, message].toSorted((a, b) => a.id - b.id);
    };
    state.replaceAll(posted(20, 60), { hasFirst: false, hasLast: true });
    assert.deepEqual([state.firstId, state.lastId, state.hasLast], [20, 61, true]);
    assert.equal(list.messages.find(({ id }) => id === 55)?.seq, 62, 'it was changed since');
  });
});

suite('A message that is not on the page', () => {
  test('is gone where the page has what is around it', () => {
    const { state } = open(50, 60, false);
    assert.deepEqual(
      [40, 50, 55, 60, 70].map((id) => state.isAround(id)),
      [false, false, true, false, false],
    );
    state.insertOlder([], true);
    assert.equal(state.isAround(40), true);
    state.insertNewer([], true);
    assert.equal(state.isAround(70), true);
  });

  test('may be anywhere while the page has none', () => {
    const { list, state } = open(1, 2);
    state.reset();
    list.messages = [];
    assert.equal(state.isAround(1), false);
  });
});

suite('When messages of the room expire', () => {
  test('the page removes those it has, and has the first message then', () => {
    const { list, state } = open(5, 10);
    state.expire(4);
    assert.equal(state.hasFirst, false);
    state.expire(7);
    assert.deepEqual(list.ids, [8, 9, 10]);
    assert.equal(state.hasFirst, true);
    assert.equal(state.cursor, 'a.10');
  });

  test('it forgets changes of those that it does not have', () => {
    const { state } = open(5, 10);
    state.apply([{ id: 2, seq: 11 }]);
    assert.ok(state.findOffscreen(2));
    state.expire(3);
    assert.equal(state.findOffscreen(2), undefined);
  });
});
