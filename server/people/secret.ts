import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { StartError } from '../errors.ts';
import type { Folder } from '../store/folder.ts';

const BYTES = 32;

/**
 * The key that signs what visitors bring back. It is made on the first start and kept beside the
 * history, for the server's own user to read (mode 0600).
 */
export function readSecret(folder: Folder): Buffer {
  const file = folder.path('secret');
  if (file === undefined) return randomBytes(BYTES);
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(BYTES), { mode: 0o600, flag: 'wx', flush: true });
  }
  const secret = readFileSync(file);
  if (secret.length === BYTES) return secret;
  throw new StartError(`${file} is not a secret of ${BYTES} bytes: put it back, or remove it.`);
}
