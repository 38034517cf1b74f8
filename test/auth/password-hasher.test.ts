import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { PasswordHasher, parsePassword } from '../../server/auth/password-hasher.ts';
import { ChatError } from '../../server/core/errors.ts';

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ChatError && error.code === code;
}

suite('A password', () => {
  test('is verified by its hash, and no other password is', async () => {
    const passwords = new PasswordHasher();
    const hash = await passwords.hash('correct horse 电池');
    assert.match(hash, /^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    assert.equal(await passwords.verify('correct horse 电池', hash), true);
    assert.equal(await passwords.verify('correct horse 电', hash), false);
    assert.equal(await passwords.verify('', hash), false);
  });

  test('has a different hash each time', async () => {
    const passwords = new PasswordHasher();
    const hashes = [passwords.hash('the same twice'), passwords.hash('the same twice')];
    const [one, other] = await Promise.all(hashes);
    assert.notEqual(one, other);
  });

  test('is verified by a hash of another cost', async () => {
    const passwords = new PasswordHasher();
    const salt = Buffer.from('a salt of 16 by.').toString('base64url');
    const key = scryptSync('an old one', 'a salt of 16 by.', 32, { N: 16, r: 1, p: 2 });
    const hash = `scrypt$4$1$2$${salt}$${key.toString('base64url')}`;
    assert.equal(await passwords.verify('an old one', hash), true);
    assert.equal(await passwords.verify('a new one', hash), false);
  });

  test('is not verified by an invalid hash', async () => {
    const passwords = new PasswordHasher();
    for (const hash of ['', 'scrypt', 'plain text', 'scrypt$15$8$3$$', 'bcrypt$15$8$3$a$b']) {
      assert.equal(await passwords.verify('', hash), false, hash);
    }
  });

  test('waits when two are being hashed; when fifty are waiting, the next is refused', async () => {
    const passwords = new PasswordHasher();
    const cheap = `scrypt$1$1$1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    const verify = () => passwords.verify('some password', cheap);
    const pending = Array.from({ length: 52 }, verify);
    await assert.rejects(verify(), hasCode('overloaded'));
    await assert.rejects(passwords.hash('some password'), hasCode('overloaded'));
    assert.ok((await Promise.all(pending)).every((isRight) => !isRight));
    assert.equal(await verify(), false, 'there are free slots again');
  });

  test('that cannot be hashed frees its slot', async () => {
    const passwords = new PasswordHasher();
    const impossible = `scrypt$99$1$1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    for (let n = 0; n < 3; n += 1) await assert.rejects(passwords.verify('', impossible));
    assert.match(await passwords.hash('after that'), /^scrypt/);
  });
});

suite('A new password', () => {
  test('has 8 to 200 characters, of any kind', () => {
    for (const text of ['12345678', ' spaces ', '电'.repeat(8), '😀'.repeat(200)]) {
      assert.equal(parsePassword(text), text);
    }
    for (const text of ['1234567', '😀'.repeat(7), 'a'.repeat(201), '\ud83d'.repeat(8), 8, null]) {
      assert.throws(() => parsePassword(text), hasCode('invalid-user-password'), String(text));
    }
  });

  test('is the same in every Unicode normalization form', () => {
    assert.equal(parsePassword('ｐａｓｓｗｏｒｄ'), 'password');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 8, maxLength: 30 }), (text) => {
        const [composed, decomposed] = (['NFC', 'NFD'] as const).map((form) => {
          try {
            return parsePassword(text.normalize(form));
          } catch {
            return undefined;
          }
        });
        assert.equal(composed, decomposed);
      }),
    );
  });
});
