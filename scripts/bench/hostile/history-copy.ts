import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Firsts, fillHistory } from './history.ts';

const FILE = 'chat.sqlite';

let made: { readonly folder: string; readonly firsts: Firsts } | undefined;
process.on('exit', () => {
  if (made) rmSync(made.folder, { recursive: true, force: true });
});

/** Copies the expensive history into a server's folder: it is created once. */
export function copyHistory(data: string): Firsts {
  if (!made) {
    const folder = mkdtempSync(join(tmpdir(), 'typhoon-hostile-'));
    made = { folder, firsts: fillHistory(join(folder, FILE)) };
  }
  copyFileSync(join(made.folder, FILE), join(data, FILE));
  return made.firsts;
}
