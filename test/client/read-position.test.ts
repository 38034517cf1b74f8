import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { DividerPosition } from '../../static/client/room/unread/divider-position.ts';
import { lastRead, markRead } from '../../static/client/room/unread/last-read.ts';
import { ReadPosition, titleWithCount } from '../../static/client/room/unread/read-position.ts';
import { openStorages } from '../support/storage.ts';

const storages = openStorages();

function clearStorages(): void {
  beforeEach(() => {
    storages.local.clear();
    storages.session.clear();
  });
}

suite('The read position', () => {
  clearStorages();

  test('is the end on a first visit, and where the reader left off on the next', () => {
    assert.equal(new ReadPosition('class', 7).lastId, 7);
    markRead('class', 3);
    assert.equal(new ReadPosition('class', 7).lastId, 3);
    assert.equal(new ReadPosition('other', 7).lastId, 7);
  });

  test('follows what is in view, is stored, and does not go back', () => {
    const position = new ReadPosition('class', 1);
    position.update({ cursor: 'a.9', lastId: 5 });
    assert.deepEqual([position.lastId, lastRead('class')], [5, 5]);
    position.update({ cursor: 'a.9', lastId: 2 });
    assert.deepEqual([position.lastId, lastRead('class')], [5, 5]);
  });

  test('stays while the page is hidden', () => {
    const position = new ReadPosition('class', 1);
    position.update({ cursor: 'a.9', lastId: undefined });
    assert.deepEqual([position.lastId, lastRead('class')], [1, undefined]);
  });

  test('is that of all tabs: what was read in another tab is read here, too', () => {
    const [one, other] = [new ReadPosition('class', 1), new ReadPosition('class', 1)];
    other.update({ cursor: 'a.9', lastId: 8 });
    one.update({ cursor: 'a.9', lastId: undefined });
    assert.equal(one.lastId, 8);
  });

  test('starts over when the log does, whose numbers are smaller then', () => {
    const position = new ReadPosition('class', 50);
    position.update({ cursor: 'a.50', lastId: 50 });
    position.update({ cursor: undefined, lastId: undefined });
    assert.equal(position.lastId, 50, 'during the reset nothing is known');
    position.update({ cursor: 'b.3', lastId: 2 });
    assert.deepEqual([position.lastId, lastRead('class')], [2, 2]);
  });
});

suite('The unread divider', () => {
  clearStorages();

  test('stays where it was until everything has been read and more arrives', () => {
    const divider = new DividerPosition('class');
    assert.equal(divider.after, undefined);
    divider.placeAfter(5);
    divider.placeAfter(8);
    assert.equal(divider.after, 5, 'the reader has not read on');
    divider.read();
    assert.equal(divider.after, 5, 'it shows where the reader was');
    divider.placeAfter(9);
    assert.equal(divider.after, 9);
  });

  test('disappears when the reader posts', () => {
    const divider = new DividerPosition('class');
    divider.placeAfter(5);
    divider.drop();
    assert.equal(divider.after, undefined);
    divider.read();
    assert.equal(divider.after, undefined, 'nothing was unread');
  });

  test('is the same after a reload of the tab, and only for its room', () => {
    const before = new DividerPosition('class');
    before.placeAfter(5);
    before.read();
    const after = new DividerPosition('class');
    assert.equal(after.after, 5);
    after.placeAfter(7);
    assert.equal(after.after, 7, 'it is known that all was read');
    assert.equal(new DividerPosition('other').after, undefined);
    after.drop();
    assert.equal(new DividerPosition('class').after, undefined);
  });
});

test('The title shows the number of unread messages, up to a hundred, and leaves other numbers', () => {
  assert.equal(titleWithCount('class · Typhoon', 0), 'class · Typhoon');
  assert.equal(titleWithCount('class · Typhoon', 3), '(3) class · Typhoon');
  assert.equal(titleWithCount('(3) class · Typhoon', 100), '(99+) class · Typhoon');
  assert.equal(titleWithCount('(99+) class · Typhoon', 99), '(99) class · Typhoon');
  assert.equal(titleWithCount('(1) (2) · Typhoon', 0), '(2) · Typhoon');
});
