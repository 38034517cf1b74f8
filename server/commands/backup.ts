import { statSync } from 'node:fs';
import { writeBackup } from '../backup/write-backup.ts';
import { formatBytes } from '../shared/format-bytes.ts';
import { type CommandSyntax, DATA, readArguments } from './command.ts';
import { PASSWORD, readPassword } from './password.ts';

const SYNTAX = {
  name: 'backup',
  usage: 'FILE',
  description: `Writes the database, the uploads and the keys into one file (.tar.gz), which must not exist.
The server may be running. With --since and the cursor that an earlier backup printed, the
uploads before that are left out; restoring it needs the earlier backup, too.`,
  count: [1, 1],
  options: {
    ...DATA,
    ...PASSWORD,
    since: { value: 'CURSOR', help: 'leave out what was uploaded before this position' },
  },
} as const satisfies CommandSyntax<string>;

export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments<keyof typeof SYNTAX.options>(SYNTAX, args, env);
  if (!given) return;
  const { data = '', since, 'password-file': passwordFile } = given.options;
  const [file = ''] = given.args;
  const password = readPassword(passwordFile);
  const { cursor, entries, missing } = await writeBackup({ data, file, password, since });
  const files = Object.keys(entries).filter((name) => /^files\/\w+$/.test(name)).length;
  console.log(
    `Backed up to ${file} (${formatBytes(statSync(file).size)}): cursor ${cursor}, ${files} uploads.`,
  );
  if (missing.length > 0) {
    console.log(`${missing.length} uploads were not on the disk: ${missing.join(', ')}.`);
  }
}
