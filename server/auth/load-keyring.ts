import { hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { StartupError } from '../core/errors.ts';
import type { DataDir } from '../storage/data-dir.ts';
import { Keyring } from './keyring.ts';

const BYTES = 32;
const ROTATE_AFTER_MS = 30 * 24 * 60 * 60 * 1_000;
/** A key signs for 30 days, cookies last for a year: it is needed for 395 days. */
const MAX_KEYS = 14;
/** When a key was created, and the key in base64url. */
const LINE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([\w-]{43})$/;

interface Key {
  readonly madeMs: number;
  readonly bytes: Buffer;
}

/** A key for one purpose, from the server's secret (HKDF, RFC 5869). */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `typhoon ${purpose}`, BYTES));
}

/**
 * The keys that sign tokens and cookies. They are stored next to the database, for the server's own
 * user to read (mode 0600): one per line, newest first. A start after 30 days adds a new one. With a
 * secret, the key is derived from it instead: servers that have the same accept each other's
 * signatures, and those of stored keys stay valid.
 * @throws StartupError where the file is damaged, or others may read it
 */
export function loadKeyring(
  folder: Pick<DataDir, 'path'>,
  now = Date.now(),
  secret?: string,
): Keyring {
  const file = folder.path('secret');
  const stored = file === undefined || !existsSync(file) ? [] : readKeyFile(file);
  if (secret !== undefined)
    return toKeyring({ madeMs: now, bytes: deriveKey(secret, 'signatures') }, stored);
  const [newest, ...older] = stored;
  if (newest && now - newest.madeMs <= ROTATE_AFTER_MS) return toKeyring(newest, older);
  const fresh = { madeMs: now, bytes: randomBytes(BYTES) };
  const before = stored.slice(0, MAX_KEYS - 1);
  if (file !== undefined) writeKeyFile(file, [fresh, ...before]);
  return toKeyring(fresh, before);
}

function toKeyring(newest: Key, older: readonly Key[]): Keyring {
  return new Keyring(
    newest.bytes,
    older.map(({ bytes }) => bytes),
  );
}

function readKeyFile(file: string): readonly Key[] {
  const { mode, mtimeMs } = statSync(file);
  // Windows has no such modes.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new StartupError(`Other users can access ${file}: run chmod 600 ${file} first.`);
  }
  const bytes = readFileSync(file);
  // Earlier versions stored a single key, as raw bytes.
  if (bytes.length === BYTES) return [{ madeMs: mtimeMs, bytes }];
  const keys = bytes.toString('latin1').trimEnd().split('\n').map(readLine);
  if (keys.length <= MAX_KEYS && keys.every((key) => key !== undefined)) return keys;
  throw new StartupError(`${file} holds no valid keys: restore it, or remove it.`);
}

function readLine(line: string): Key | undefined {
  const [, made = '', text = ''] = LINE.exec(line) ?? [];
  const madeMs = Date.parse(made);
  return Number.isNaN(madeMs) ? undefined : { madeMs, bytes: Buffer.from(text, 'base64url') };
}

/** Whenever the machine stops, the file has either the old keys or these. */
function writeKeyFile(file: string, keys: readonly Key[]): void {
  const lines = keys.map(
    ({ madeMs, bytes }) => `${new Date(madeMs).toISOString()} ${bytes.toString('base64url')}\n`,
  );
  const draft = `${file}.new`;
  // A leftover draft may be readable by others.
  rmSync(draft, { force: true });
  writeFileSync(draft, lines.join(''), { mode: 0o600, flag: 'wx', flush: true });
  renameSync(draft, file);
}
