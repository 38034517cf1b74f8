import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Visitors } from '../../server/people/visitor.ts';

const visitors = new Visitors(Buffer.alloc(32));

suite('A visitor', () => {
  test('who brings the token it was given is the same one', () => {
    const visitor = visitors.admit();
    assert.deepEqual(visitors.admit(visitor.token), visitor);
  });

  for (const [what, token] of [
    ['no token', ''],
    ['half a token', visitors.admit().token.slice(0, -1)],
    ['the token of another server', new Visitors(Buffer.alloc(32, 1)).admit().token],
    ['a token of as many characters in more bytes', `a.${'\xe9'.repeat(43)}`],
  ] as const) {
    test(`who brings ${what} is a new one`, () => {
      const { uid } = visitors.admit(token);
      assert.notEqual(uid, token.split('.')[0]);
      assert.match(uid, /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    });
  }
});
