import { lchownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Gives what root has made in a directory to the directory's owner: a command run as root must leave
 * nothing there that the server cannot open.
 */
export function giveToOwner(folder: string): void {
  const owner = statSync(folder);
  if (process.getuid?.() === 0 && owner.uid !== 0) give(folder, owner);
}

function give(folder: string, owner: { readonly uid: number; readonly gid: number }): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    // Not what a link leads to: the owner may have no access to it. The option `recursive` follows links.
    const isFolder = stats?.isDirectory();
    const isOnlyHere = isFolder || (stats?.isFile() && stats.nlink === 1);
    if (isOnlyHere && stats?.uid === 0) lchownSync(path, owner.uid, owner.gid);
    if (isFolder) give(path, owner);
  }
}
