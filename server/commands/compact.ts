import { statSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '../shared/format-bytes.ts';
import { DATABASE } from '../storage/file-names.ts';
import { type CommandSyntax, DATA, readArguments } from './command.ts';
import { compact, withFolder } from './data-folder.ts';

const SYNTAX = {
  name: 'compact',
  usage: '',
  description: `Rewrites the database, so that it takes no more space than it needs and has nothing left of what
was deleted. Stop the server first. It needs as much free space as the database has.`,
  count: [0, 0],
  options: DATA,
} as const satisfies CommandSyntax<string>;

export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments<keyof typeof SYNTAX.options>(SYNTAX, args, env);
  if (!given) return;
  const { data = '' } = given.options;
  const [before, after] = withFolder(data, (folder) => {
    const size = () => statSync(join(folder.path, DATABASE)).size;
    const before = size();
    compact(folder);
    return [before, size()] as const;
  });
  console.log(`Compacted the database: ${formatBytes(before)}, now ${formatBytes(after)}.`);
}
