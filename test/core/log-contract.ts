import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { ChatError } from '../../server/core/errors.ts';
import type { LogObserver } from '../../server/core/log.ts';
import type { ChatChange, ChatLog } from '../../server/features/change.ts';
import type { Event } from '../../server/features/events.ts';
import type { Store } from '../../server/features/store.ts';
import { edited, posted, who } from '../support/events.ts';
import { failOnError } from '../support/observer.ts';

/** A log of an engine, and what it stores. */
export interface OpenLog {
  readonly log: ChatLog;
  /** The bodies of the messages of a room, as stored, in order. */
  stored(room: string): Promise<readonly string[]>;
  /** Closes the log, and opens what it stored again. */
  reopen(): Promise<ChatLog>;
}

/** The bodies of the messages of a room in a store, in order. */
export async function storedBodies(
  { queries }: Pick<Store, 'queries'>,
  room: string,
): Promise<readonly string[]> {
  const { messages } = await queries.before(room, Number.MAX_SAFE_INTEGER, 100);
  return messages.map(({ body }) => body);
}

/** Opens an empty log, and closes it after the test. */
export type OpenEngine = (t: TestContext, observer: LogObserver) => Promise<OpenLog>;

/** Numbers only grow; how far apart they are is up to the engine. */
function assertAscending(numbers: readonly number[]): void {
  const isNext = (number: number, index: number) => number > (numbers[index - 1] ?? 0);
  assert.ok(numbers.every(isNext), String(numbers));
}

const hasCode = (code: string) => (error: ChatError) => error.code === code;

/** What every engine of the log guarantees. */
export function testLog(name: string, open: OpenEngine): void {
  async function openLog(t: TestContext, observer: LogObserver = failOnError) {
    const engine = await open(t, observer);
    const batches: ChatChange[][] = [];
    engine.log.onCommit((batch) => batches.push([...batch]));
    return { ...engine, batches };
  }

  suite(`The log (${name})`, () => {
    test('numbers events in order, and commits the events of one turn as one batch', async (t) => {
      const { log, batches } = await openLog(t);
      const appended = await Promise.all(['a', 'b', 'c'].map((body) => log.append(posted(body))));
      const numbers = appended.map(({ change }) => change.seq);
      assertAscending(numbers);
      assert.deepEqual(
        batches.map((batch) => batch.map(({ message }) => message?.body)),
        [['a', 'b', 'c']],
      );
      assert.equal(log.head, numbers.at(-1));
    });

    test('gives an event one seq, however many messages it changes', async (t) => {
      const { log, batches } = await openLog(t);
      const question = (await log.append(posted('question'))).change.seq;
      const ids = [question];
      const reply = { ...posted('answer'), reply: question };
      for (let n = 0; n < 3; n += 1) ids.push((await log.append(reply)).change.seq);
      const { change } = await log.append(edited(question, 'another question'));
      assertAscending([...ids, change.seq]);
      assert.deepEqual(batches.at(-1), [change]);
      const { message, others = [] } = change;
      assert.deepEqual(
        [message, ...others].map((message) => [message?.seq, message?.id]),
        ids.map((id) => [change.seq, id]),
      );
      assertAscending([change.seq, (await log.append(posted('next'))).change.seq]);
    });

    test('commits the events that arrive during a commit together', async (t) => {
      const { log, batches } = await openLog(t);
      const first = log.append(posted('first'));
      // One turn later, the first is being written.
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      const rest = ['a', 'b', 'c'].map((body) => log.append(posted(body)));
      await Promise.all([first, ...rest]);
      // Those of a cluster may come back together with the first.
      assert.ok(batches.length <= 2, `${batches.length} batches`);
      assert.equal(batches.flat().length, 4);
    });

    test('publishes an event before append resolves, and has stored it by then', async (t) => {
      const { log, stored } = await openLog(t);
      const order: string[] = [];
      log.onCommit(() => order.push('published'));
      await log.append(posted('a')).then(() => order.push('appended'));
      assert.deepEqual(order, ['published', 'appended']);
      assert.deepEqual(await stored('class'), ['a']);
    });

    test('accepts a client id once: a retry gets the result of the first attempt', async (t) => {
      const { log, batches } = await openLog(t);
      const first = await log.append(posted('a', 'cid'));
      const again = await log.append(posted('a', 'cid'));
      assert.equal(first.isNew, true);
      // The first message of a room gives it a join code; its retry changes nothing.
      const { settings: _, ...change } = first.change;
      assert.deepEqual(again, { change, isNew: false });
      assert.equal(batches.length, 1, 'and it is published once');
      const of = (event: Event) => log.append(event).then(({ change }) => change.seq);
      const another = await of(posted('a', 'cid', who('another')));
      assertAscending([first.change.seq, another]);
      await assert.rejects(log.append(posted('b', 'cid')), hasCode('cid-reused'));
      const elsewhere = { ...posted('a', 'cid'), room: 'elsewhere' };
      await assert.rejects(log.append(elsewhere), hasCode('cid-reused'));
      assert.equal(log.head, another, 'what is rejected is not in the log');
    });

    test('stores any events with any retries once each, in the order of the first attempts', async (t) => {
      const { log, batches } = await openLog(t);
      const event = fc.record({
        uid: fc.constantFrom('a', 'b'),
        cid: fc.constantFrom('1', '2', '3', '4'),
      });
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(event, { minLength: 1 }), async (events) => {
          run += 1;
          const keys = events.map(({ uid, cid }) => `${run}-${uid}-${cid}`);
          batches.length = 0;
          const appended = await Promise.all(
            events.map(({ uid, cid }) => log.append(posted(cid, `${run}-${cid}`, who(uid)))),
          );
          const unique = [...new Set(keys)];
          const published = batches.flat().map(({ seq }) => seq);
          assertAscending(published);
          assert.deepEqual(
            appended.map(({ change }) => published.indexOf(change.seq)),
            keys.map((key) => unique.indexOf(key)),
          );
          assert.equal(published.length, unique.length);
        }),
        { numRuns: 50 },
      );
    });

    test('refuses events when its queue is full, and writes the others', async (t) => {
      const { log, batches } = await openLog(t);
      const all = Array.from({ length: 10_050 }, (_, n) => log.append(posted(`${n}`)));
      const settled = await Promise.allSettled(all);
      const refused = settled.filter((result) => result.status === 'rejected');
      assert.equal(refused.length, 50);
      assert.ok(refused.every(({ reason }) => hasCode('overloaded')(reason)));
      assert.equal(batches.flat().length, 10_000);
    });

    test('closes when everything is written and published, and refuses later events', async (t) => {
      const { log, batches } = await openLog(t);
      const all = Array.from({ length: 1_200 }, (_, n) => log.append(posted(`${n}`)));
      await log.close();
      assert.equal(batches.flat().length, 1_200);
      await Promise.all(all);
      await assert.rejects(log.append(posted('late')), hasCode('shutting-down'));
    });

    test('goes on when a listener throws, and the other listeners receive the batch', async (t) => {
      const errors: unknown[] = [];
      const listenerFailed = (error: unknown) => errors.push(error);
      const { log } = await openLog(t, { ...failOnError, listenerFailed });
      const broken = new Error('broken');
      log.onCommit(() => {
        throw broken;
      });
      const received: number[] = [];
      log.onCommit((batch) => received.push(...batch.map(({ seq }) => seq)));
      for (const body of ['a', 'b']) await log.append(posted(body));
      assert.equal(received.length, 2);
      assert.deepEqual(errors, [broken, broken]);
    });

    test('calls its listeners in the order in which they were registered', async (t) => {
      const { log } = await openLog(t);
      const order: number[] = [];
      for (const n of [1, 2, 3]) log.onCommit(() => order.push(n));
      await log.append(posted('a'));
      assert.deepEqual(order, [1, 2, 3]);
    });

    test('continues in the same epoch when it is reopened, with the next seq', async (t) => {
      const { log, reopen } = await openLog(t);
      for (const body of ['a', 'b']) await log.append(posted(body));
      const again = await reopen();
      assert.deepEqual([again.epoch, again.head], [log.epoch, log.head]);
      assertAscending([log.head, (await again.append(posted('c'))).change.seq]);
    });

    test('dates events by its clock, when they are committed', async (t) => {
      const { log } = await openLog(t);
      const before = Date.now();
      const { change } = await log.append(posted('a'));
      const at = change.message?.at ?? 0;
      assert.ok(at >= before && at <= Date.now(), `${at}`);
    });

    test('has reached the numbers that were published', async (t) => {
      const { log } = await openLog(t);
      const { change } = await log.append(posted('a'));
      assert.equal(await log.reach(change.seq), true);
    });
  });
}
