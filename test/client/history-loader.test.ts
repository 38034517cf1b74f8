import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  type Beyond,
  HistoryLoader,
  type HistoryPage,
  type HistoryQuery,
} from '../../static/client/room/history-loader.ts';

const settled = () => new Promise(setImmediate);

/** The upper end of a history of which the test answers the requests. */
function open(first = 100) {
  const asked: HistoryQuery[] = [];
  const shown: Beyond[] = [];
  const end = { first, isWhole: false, isNear: true };
  let answer: PromiseWithResolvers<HistoryPage<number>> = Promise.withResolvers();
  const loader = new HistoryLoader<number>({
    next: () => (end.isWhole ? undefined : `before=${end.first}`),
    isNear: () => end.isNear,
    fetch(query) {
      asked.push(query);
      answer = Promise.withResolvers();
      return answer.promise;
    },
    insert(messages, isLast) {
      end.first = messages[0] ?? end.first;
      end.isWhole = isLast;
    },
    onBeyond: (beyond) => void shown.push(beyond),
  });
  const reply = async (messages: readonly number[], isLast = false) => {
    answer.resolve({ messages, isLast });
    await settled();
  };
  const fail = async () => {
    answer.reject(new Error('out of reach'));
    await settled();
  };
  return { loader, asked, shown, end, reply, fail };
}

suite('An end of the loaded history', () => {
  test('loads page after page while the reader is near, one at a time, to the end', async () => {
    const { loader, asked, shown, end, reply } = open();
    loader.loadIfNear();
    loader.loadIfNear();
    assert.deepEqual(asked, ['before=100']);
    await reply([50]);
    assert.deepEqual(asked, ['before=100', 'before=50']);
    end.isNear = false;
    await reply([20]);
    assert.equal(asked.length, 2, 'the reader is far from it now');
    assert.equal(shown.at(-1), 'more');
    end.isNear = true;
    loader.loadIfNear();
    await reply([1], true);
    assert.equal(asked.length, 3);
    const loading: Beyond[] = ['more', 'loading'];
    assert.deepEqual(shown, [...loading, ...loading, ...loading, 'nothing']);
    loader.loadIfNear();
    assert.equal(asked.length, 3);
  });

  test('is not requested again after a failure until the reader retries', async () => {
    const { loader, asked, shown, fail, reply } = open();
    loader.loadIfNear();
    await fail();
    for (let n = 0; n < 10; n += 1) loader.loadIfNear();
    await settled();
    assert.equal(asked.length, 1);
    assert.equal(shown.at(-1), 'failed');
    loader.retry();
    assert.deepEqual([asked.length, shown.at(-1)], [2, 'loading']);
    await reply([1], true);
    assert.equal(shown.at(-1), 'nothing');
  });

  test('leaves out a page that no longer fits: there was a reset in the meantime', async () => {
    const { loader, asked, end, reply } = open();
    loader.loadIfNear();
    end.first = 400;
    await reply([50]);
    assert.equal(end.first, 400);
    assert.deepEqual(asked, ['before=100', 'before=400'], 'the one that fits is asked for');
  });

  test('shows no failure where nothing is beyond it any more', async () => {
    const { loader, shown, end, fail } = open();
    loader.loadIfNear();
    end.isWhole = true;
    await fail();
    assert.equal(shown.at(-1), 'nothing');
  });
});
