import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { Visitors } from '../../server/auth/guest-tokens.ts';
import { Keys } from '../../server/auth/keyring.ts';

suite('a visitor', () => {
  const keys = new Keys(randomBytes(32));
  const visitors = new Visitors(keys);

  test('gets a uid, and is known again by the token', () => {
    const visitor = visitors.admit();
    assert.match(visitor.uid, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    assert.equal(visitor.token, `${visitor.uid}.${keys.sign(visitor.uid)}`);
    assert.deepEqual(visitors.find(visitor.token), visitor);
  });

  test('is not known by a token that was not signed here', () => {
    const { uid, token } = visitors.admit();
    const forged = ['', '.', uid, `${uid}.`, `${token}.`, `${token}x`, `.${keys.sign('')}`];
    const pass = `server word.${keys.sign('server word')}`;
    const strangers = new Visitors(new Keys(randomBytes(32)));
    for (const text of [...forged, pass, token.toUpperCase(), strangers.admit().token]) {
      assert.equal(visitors.find(text), undefined, text);
    }
  });
});
