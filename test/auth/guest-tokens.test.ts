import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { GuestTokens } from '../../server/auth/guest-tokens.ts';
import { Keyring } from '../../server/auth/keyring.ts';

suite('A guest', () => {
  const keys = new Keyring(randomBytes(32));
  const tokens = new GuestTokens(keys);

  test('gets a uid, and is recognized by the token', () => {
    const guest = tokens.issue();
    assert.match(guest.uid, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    assert.equal(guest.token, `${guest.uid}.${keys.sign(guest.uid)}`);
    assert.deepEqual(tokens.verify(guest.token), guest);
  });

  test('is not recognized by a token that this server did not sign', () => {
    const { uid, token } = tokens.issue();
    const forged = ['', '.', uid, `${uid}.`, `${token}.`, `${token}x`, `.${keys.sign('')}`];
    const pass = `server word.${keys.sign('server word')}`;
    const otherTokens = new GuestTokens(new Keyring(randomBytes(32)));
    for (const text of [...forged, pass, token.toUpperCase(), otherTokens.issue().token]) {
      assert.equal(tokens.verify(text), undefined, text);
    }
  });
});
