import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { type Browser, BrowserCookies } from '../../server/auth/browsers.ts';
import { Keyring } from '../../server/auth/keyring.ts';

const browsers = new BrowserCookies(new Keyring(Buffer.alloc(32, 1)));

function withCookie(cookie: string): IncomingMessage {
  return { headers: { cookie: `browser=${cookie}` } } as IncomingMessage;
}

function find(cookie: string): Browser | undefined {
  return browsers.find(withCookie(cookie));
}

test('A browser is recognized by its cookie, and so are the passwords that it has given.', () => {
  const browser = browsers.issue();
  const later = browsers.withProof(browser, 'room class');
  const found = find(browsers.cookie(later));
  assert.equal(found?.id, browser.id);
  assert.ok(found && browsers.hasProof(found, 'room class'));
  for (const other of ['room', 'room class-two', 'server', '']) {
    assert.equal(browsers.hasProof(found, other), false, other);
  }
  assert.equal(browsers.withProof(found, 'room class'), found, 'once is enough');
});

test('A browser cannot use the proofs of another browser.', () => {
  const [one, other] = [browsers.issue(), browsers.issue()];
  const { proofs } = browsers.withProof(one, 'server');
  assert.equal(browsers.hasProof({ ...other, proofs }, 'server'), false);
});

test("A browser's cookie holds the latest proofs and has a bounded size.", () => {
  let browser = browsers.issue();
  for (let n = 0; n < 20; n += 1) browser = browsers.withProof(browser, `room ${n}`);
  const cookie = browsers.cookie(browser);
  assert.ok(cookie.length < 450, `${cookie.length} bytes`);
  const found = find(cookie);
  const known = Array.from({ length: 20 }, (_, n) => n).filter(
    (n) => found && browsers.hasProof(found, `room ${n}`),
  );
  assert.deepEqual(
    known,
    Array.from({ length: 8 }, (_, n) => n + 12),
  );
});

test('A forged browser cookie is rejected.', () => {
  const { id, proofs } = browsers.withProof(browsers.issue(), 'server');
  const cookie = browsers.cookie({ id, proofs });
  const elsewhere = new BrowserCookies(new Keyring(Buffer.alloc(32, 2))).cookie({ id, proofs });
  for (const forged of ['', id, `${id}.`, `.${cookie}`, cookie.slice(1), elsewhere, `x${cookie}`]) {
    assert.equal(find(forged), undefined, forged);
  }
  assert.equal(browsers.find({ headers: {} } as IncomingMessage), undefined);
});
