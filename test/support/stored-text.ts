import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a data directory that contain a text, in any case. @param text in lower case */
export function filesWith(data: string, text: string): readonly string[] {
  const files = globSync('**', { cwd: data });
  return files.filter((file) => textOf(join(data, file)).toLowerCase().includes(text));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    // A folder; or the server has deleted it meanwhile, the journal of a new database, for example.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR' || code === 'ENOENT') return '';
    throw error;
  }
}
