import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { v4 as uuid } from 'uuid';
import { GuestTokens } from '../../server/auth/guest-tokens.ts';
import { loadKeyring } from '../../server/auth/load-keyring.ts';
import { StartupError } from '../../server/core/errors.ts';
import type { DataDir } from '../../server/storage/data-dir.ts';
import { temporaryFolder } from '../support/server.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const START_MS = Date.UTC(2026, 0, 1);

function openFolder(t: TestContext): Pick<DataDir, 'name' | 'path'> & { readonly secret: string } {
  const name = temporaryFolder(t);
  const path = (file: string) => join(name, file);
  return { name, path, secret: path('secret') };
}

function linesOf(secret: string): readonly string[] {
  return readFileSync(secret, 'utf8').trimEnd().split('\n');
}

suite('The keys of a server', () => {
  test('are created once, readable by its user only, and stay the same after a restart', (t) => {
    const folder = openFolder(t);
    const signature = loadKeyring(folder, START_MS).sign('text');
    assert.match(linesOf(folder.secret).join('\n'), /^2026-01-01T00:00:00\.000Z [\w-]{43}$/);
    assert.equal(statSync(folder.secret).mode & 0o777, 0o600);
    const before = readFileSync(folder.secret);
    const again = loadKeyring(folder, START_MS + 30 * DAY_MS);
    assert.equal(again.sign('text'), signature);
    assert.deepEqual(readFileSync(folder.secret), before);
    assert.deepEqual(readdirSync(folder.name), ['secret'], 'nothing is left behind');
  });

  test('verify their own signatures of exactly that text, and no others', (t) => {
    const keys = loadKeyring(openFolder(t));
    const signature = keys.sign('text');
    assert.match(signature, /^[\w-]{43}$/);
    assert.equal(keys.verify('text', signature), true);
    assert.equal(keys.verify('texts', signature), false);
    for (const other of ['', `${signature}=`, signature.slice(1), 'é'.repeat(43), '𝒳']) {
      assert.equal(keys.verify('text', other), false, other);
    }
    assert.equal(
      loadKeyring(openFolder(t)).verify('text', signature),
      false,
      'a signature of another server',
    );
  });

  test('are rotated after 30 days, and the earlier ones still verify', (t) => {
    const folder = openFolder(t);
    const first = loadKeyring(folder, START_MS).sign('text');
    const second = loadKeyring(folder, START_MS + 31 * DAY_MS).sign('text');
    assert.notEqual(second, first);
    assert.deepEqual(
      linesOf(folder.secret).map((line) => line.slice(0, 10)),
      ['2026-02-01', '2026-01-01'],
    );
    assert.equal(statSync(folder.secret).mode & 0o777, 0o600);
    const keys = loadKeyring(folder, START_MS + 32 * DAY_MS);
    assert.equal(keys.sign('text'), second);
    assert.ok(keys.verify('text', first) && keys.verify('text', second));
  });

  test('verify a cookie for a year, however often the server starts, and not forever', (t) => {
    const folder = openFolder(t);
    const signature = loadKeyring(folder, START_MS).sign('text');
    // The last cookie is set on the thirtieth day.
    for (let day = 1; day <= 30 + 365; day += 1) {
      assert.ok(
        loadKeyring(folder, START_MS + day * DAY_MS).verify('text', signature),
        `day ${day}`,
      );
    }
    for (let day = 396; day <= 600; day += 1) loadKeyring(folder, START_MS + day * DAY_MS);
    assert.equal(linesOf(folder.secret).length, 14);
    assert.equal(loadKeyring(folder, START_MS + 600 * DAY_MS).verify('text', signature), false);
  });

  test('are lost with the process when there is no data directory', () => {
    const nowhere: Pick<DataDir, 'path'> = { path: () => undefined };
    const keys = loadKeyring(nowhere);
    assert.ok(keys.verify('text', keys.sign('text')));
    assert.notEqual(loadKeyring(nowhere).sign('text'), keys.sign('text'));
  });

  test('may be the 32 bytes of an older server, which still verify its tokens', (t) => {
    const folder = openFolder(t);
    const secret = randomBytes(32);
    writeFileSync(folder.secret, secret, { mode: 0o600 });
    utimesSync(folder.secret, START_MS / 1_000, START_MS / 1_000);
    const uid = uuid();
    const token = `${uid}.${createHmac('sha256', secret).update(uid).digest('base64url')}`;
    for (const day of [1, 31, 61]) {
      const tokens = new GuestTokens(loadKeyring(folder, START_MS + day * DAY_MS));
      assert.deepEqual(tokens.verify(token), { uid, token }, `day ${day}`);
    }
    assert.equal(linesOf(folder.secret).at(-1)?.slice(0, 10), '2026-01-01');
  });

  test('are derived from a secret, where there is one: servers that have it verify each other', (t) => {
    const [one, other] = [openFolder(t), openFolder(t)];
    const secret = 'x'.repeat(32);
    const before = loadKeyring(one, START_MS).sign('text');
    const signature = loadKeyring(one, START_MS, secret).sign('text');
    assert.ok(loadKeyring(other, START_MS + DAY_MS, secret).verify('text', signature));
    assert.ok(!loadKeyring(other, START_MS, 'y'.repeat(32)).verify('text', signature));
    assert.ok(loadKeyring(one, START_MS, secret).verify('text', before), 'nobody is signed out');
    assert.deepEqual(readdirSync(other.name), [], 'nothing is stored');
  });

  test('are refused when other users can read them', {
    skip: process.platform === 'win32',
  }, (t) => {
    const folder = openFolder(t);
    loadKeyring(folder);
    for (const mode of [0o644, 0o640, 0o604]) {
      chmodSync(folder.secret, mode);
      assert.throws(() => loadKeyring(folder), {
        name: 'StartupError',
        message: `Other users can access ${folder.secret}: run chmod 600 ${folder.secret} first.`,
      });
    }
    chmodSync(folder.secret, 0o600);
    loadKeyring(folder);
  });

  test('are refused when the file is damaged, and the file stays unchanged', (t) => {
    const line = `2026-01-01T00:00:00.000Z ${randomBytes(32).toString('base64url')}\n`;
    const folder = openFolder(t);
    for (const text of [
      '',
      'short',
      randomBytes(31),
      randomBytes(33),
      line.slice(0, -2),
      line.replace('2026-01', '2026-13'),
      `${line}\n${line}`,
      `${line}{}`,
      line.repeat(15),
    ]) {
      writeFileSync(folder.secret, text, { mode: 0o600 });
      assert.throws(() => loadKeyring(folder, START_MS), StartupError, String(text));
      assert.deepEqual(readFileSync(folder.secret), Buffer.from(text));
    }
  });

  test('are written even if an earlier start was interrupted while writing them', (t) => {
    const folder = openFolder(t);
    writeFileSync(`${folder.secret}.new`, 'half a', { mode: 0o644 });
    loadKeyring(folder);
    assert.equal(statSync(folder.secret).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder.name), ['secret']);
  });
});
