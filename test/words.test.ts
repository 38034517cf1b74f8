import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languages, type MessageKey, messagesFor, t } from '../server/shared/i18n.ts';

test('every word is there in every language, and takes the same values', () => {
  const values = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted();
  const english = messagesFor('en');
  for (const language of languages) {
    const words = messagesFor(language);
    assert.deepEqual(Object.keys(words).toSorted(), Object.keys(english).toSorted());
    for (const word of Object.keys(english) as MessageKey[]) {
      assert.ok(words[word].trim(), `${language}: ${word}`);
      assert.deepEqual(values(words[word]), values(english[word]), `${language}: ${word}`);
    }
  }
});

test('values are filled in, numbers as the language writes them', () => {
  assert.equal(
    t('en', 'too-long', { count: 4001, max: 4000 }),
    'The message has 4,001 characters; 4,000 is the most.',
  );
  assert.equal(t('zh', 'left-to-write', { count: 12 }), '还可以写 12 个字');
});
