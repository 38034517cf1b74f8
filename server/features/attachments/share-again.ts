import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { SharedFiles } from '../../core/shared-files.ts';
import type { Attachment } from './attachment.ts';
import { namesOf } from './file-folder.ts';

/** The names of all files and previews that a database knows. */
export function knownNames(db: DatabaseSync): readonly string[] {
  const rows = db.prepare('SELECT spec FROM files').all();
  return rows.flatMap(({ spec }) => {
    const { id, picture } = JSON.parse(String(spec)) as Attachment;
    const [file, preview] = namesOf(id);
    return picture?.preview ? [file, preview] : [file];
  });
}

/**
 * Shares the files of a folder that servers which are new, or were restored, no longer have.
 * @returns how many were shared, and which are neither there nor here
 * @throws ChatError `files-unavailable`
 */
export async function shareAgain(names: readonly string[], folder: string, shared: SharedFiles) {
  const there = new Set((await shared.list()).map(({ name }) => name));
  const lacking = names.filter((name) => !there.has(name));
  const { here = [], missing = [] } = Object.groupBy(lacking, (name) =>
    existsSync(join(folder, name)) ? 'here' : 'missing',
  );
  for (const name of here) await shared.put(name, join(folder, name));
  return { shared: here.length, missing };
}
