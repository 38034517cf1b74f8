import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { emoji } from '../../../server/features/reactions/emoji.ts';

const EMOJI = [
  '👍',
  '👍🏽',
  '❤️',
  '❤️‍🔥',
  '🏳️‍🌈',
  '👁️‍🗨️',
  '☝️',
  '☝🏽',
  '🏃‍♀️',
  '1️⃣',
  '#️⃣',
  '🇨🇳',
  '🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  '👨‍👩‍👧‍👦',
  '🧑🏽‍❤️‍💋‍🧑🏻',
  '©️',
];

suite('An emoji', () => {
  test('is the same however it is written, with its variation selectors or without', () => {
    for (const one of EMOJI) {
      const bare = one.replaceAll('\ufe0f', '');
      for (const written of [one, bare, ` ${one} `]) assert.equal(emoji.parse(written), one);
    }
  });

  test('is a single emoji, and nothing else', () => {
    const none = [
      '',
      ' ',
      'a',
      '1',
      '#',
      '👍👍',
      '👍a',
      '<b>',
      '\ufe0f',
      '\u200d',
      '🇨',
      '👍'.repeat(100),
    ];
    for (const one of [...none, '❤️\u200d', '\u202e👍']) {
      assert.ok(!emoji.safeParse(one).success, JSON.stringify(one));
    }
  });
});
