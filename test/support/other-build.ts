import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/chat.ts';
import { type Scope, temporaryFolder } from './server.ts';

const FOLDERS = ['scripts', 'server', 'static', 'templates'];

/** What is replaced in a file of the sources, by what. */
type Patch = readonly [file: string, text: string, by: string];

/**
 * Another build of the program: its sources, changed at some points.
 * @returns the arguments of node that run it
 * @throws where a text to be replaced is not there
 */
export function otherBuild(t: Scope, patches: readonly Patch[]): readonly string[] {
  const folder = temporaryFolder(t);
  for (const name of FOLDERS) cpSync(join(root, name), join(folder, name), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, text, by] of patches) {
    const path = join(folder, file);
    const before = readFileSync(path, 'utf8');
    if (!before.includes(text)) throw new Error(`${file} has no ${text}`);
    writeFileSync(path, before.replace(text, by));
  }
  return [join(folder, 'server/main.ts')];
}
