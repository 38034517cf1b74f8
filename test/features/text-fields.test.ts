import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parsePassword } from '../../server/auth/password-hasher.ts';
import { hashRoomPassword, verifyRoomPassword } from '../../server/auth/room-password.ts';
import { sanitizeFileName } from '../../server/features/attachments/file-name.ts';
import { parseCommand } from '../../server/features/command.ts';
import { MAX_CHARACTERS, normalizeBody } from '../../server/features/messages/message-text.ts';
import { parseRoomName } from '../../server/features/rooms/room-name.ts';

/** Hangul, each of whose syllables comes in three letters from where it is decomposed. */
const SYLLABLE = '각';

function decomposed(characters: number): string {
  return SYLLABLE.repeat(characters).normalize('NFD');
}

const options = (lines: unknown) => ({ type: 'create-poll', question: 'a', options: lines });

suite('A decomposed text may be as long as any other:', () => {
  test('a topic, a question, an option and a suggestion', () => {
    const topic = parseCommand({ type: 'set-topic', text: decomposed(200) });
    assert.deepEqual(topic, { type: 'set-topic', text: SYLLABLE.repeat(200) });
    const poll = parseCommand({ ...options([decomposed(100), 'b']), question: decomposed(300) });
    assert.ok(poll.type === 'create-poll');
    assert.equal(poll.question, SYLLABLE.repeat(300));
    assert.deepEqual(poll.options, [SYLLABLE.repeat(100), 'b']);
    const suggestion = parseCommand({ type: 'suggest-option', id: 1, suggestion: decomposed(280) });
    assert.ok(suggestion.type === 'suggest-option');
    assert.equal(suggestion.suggestion, SYLLABLE.repeat(280));
  });

  test('the name of a room, a room password, a password and the name of a file', () => {
    assert.equal(parseRoomName(decomposed(40)), SYLLABLE.repeat(40));
    const command = parseCommand({ type: 'set-password', password: decomposed(100) });
    assert.ok(command.type === 'set-password');
    assert.ok(verifyRoomPassword(decomposed(100), hashRoomPassword(command.password) ?? ''));
    assert.equal(parsePassword(decomposed(200)), SYLLABLE.repeat(200));
    assert.equal(sanitizeFileName(`${decomposed(116)}.png`), `${SYLLABLE.repeat(116)}.png`);
  });
});

suite('What is too long is rejected:', () => {
  for (const [what, fields, code] of [
    ['a long topic', { type: 'set-topic', text: 'x'.repeat(201) }, 'invalid-topic'],
    ['a long question', { ...options(['a', 'b']), question: 'x'.repeat(301) }, 'invalid-question'],
    ['a long option', options(['x'.repeat(101), 'b']), 'invalid-options'],
    ['many options', options(Array.from({ length: 21 }, (_, n) => `${n}`)), 'invalid-options'],
    ['thousands of lines of options', options('\n'.repeat(60_000)), 'invalid-options'],
    ['thousands of options that are none', options(Array(20_000).fill(1)), 'invalid-options'],
    [
      'thousands of choices',
      { type: 'set-votes', id: 1, options: Array(20_000).fill(1) },
      'no-such-option',
    ],
    ['thousands of files', { message: 'x', files: Array(20_000).fill('x') }, 'invalid-files'],
    ['a long number', { type: 'delete', id: '1'.repeat(60_000) }, 'unknown-action'],
    [
      'a long suggestion',
      { type: 'suggest-option', id: 1, suggestion: 'x'.repeat(1_201) },
      'missing-answer',
    ],
  ] as const) {
    test(what, () => {
      assert.throws(() => parseCommand(fields), { name: 'ChatError', code });
    });
  }

  test('a message, with its length', () => {
    for (const text of ['x'.repeat(4_001), 'x'.repeat(16_001), '\u{1f300}'.repeat(8_001)]) {
      const details = { count: [...text].length, max: MAX_CHARACTERS };
      assert.throws(() => normalizeBody(text), { code: 'too-long', details });
    }
  });
});

suite('Lines of options', () => {
  test('may be empty, up to a hundred of them', () => {
    const poll = parseCommand(options(`a${'\n'.repeat(99)}b`));
    assert.ok(poll.type === 'create-poll');
    assert.deepEqual(poll.options, ['a', 'b']);
  });
});

test('A field that is nested too deeply for JavaScript is rejected as any other', () => {
  const nested = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000));
  for (const [type, field] of [
    ['delete', 'id'],
    ['set-slow-mode', 'seconds'],
    ['ban', 'minutes'],
    ['set-votes', 'options'],
    ['create-poll', 'options'],
    ['set-topic', 'text'],
  ] as const) {
    const fields = { type, id: 1, uid: crypto.randomUUID(), question: 'a', [field]: nested };
    assert.throws(() => parseCommand(fields), { name: 'ChatError' }, type);
  }
});
