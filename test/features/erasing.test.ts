import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Undated } from '../../server/core/log.ts';
import { type Event, isClearing, isErasing } from '../../server/features/events.ts';
import { who } from '../support/events.ts';

const by = { room: 'class', who: who('ada') };
const votes = { ...by, id: 1 };
const text = { text: 'Sun', key: 'sun' };

/** What deletes something that somebody wrote or chose, and what is like it but deletes nothing. */
const events: readonly (readonly [isErasing: boolean, Undated<Event>])[] = [
  [true, { kind: 'message-edited', ...votes, body: 'new' }],
  [true, { kind: 'message-deleted', ...votes }],
  [true, { kind: 'vote-toggled', ...votes, option: 0, enabled: false }],
  [false, { kind: 'vote-toggled', ...votes, option: 0, enabled: true }],
  [true, { kind: 'option-suggested', ...votes, ...text, enabled: false }],
  [false, { kind: 'option-suggested', ...votes, ...text, enabled: true }],
  [true, { kind: 'option-moderated', ...votes, option: 0, state: 'removed' }],
  [true, { kind: 'poll-changed', ...votes, action: 'reset' }],
  [false, { kind: 'poll-changed', ...votes, action: 'closed' }],
  [true, { kind: 'prepared-poll-removed', ...votes }],
  [true, { kind: 'room-action', ...by, action: { type: 'history-cleared' } }],
  [false, { kind: 'room-action', ...by, action: { type: 'message-pinned', id: 1 } }],
];

for (const [expected, event] of events) {
  const { kind, room: _, who: __, ...rest } = event as typeof event & typeof by;
  test(`${kind} ${JSON.stringify(rest)} ${expected ? 'erases' : 'does not erase'}`, () => {
    assert.equal(isErasing(event), expected);
  });
}

test('Only clearing the history deletes all messages of a room', () => {
  const clearing = events.filter(([, event]) => isClearing(event)).map(([, event]) => event);
  assert.deepEqual(clearing, [{ kind: 'room-action', ...by, action: { type: 'history-cleared' } }]);
});
