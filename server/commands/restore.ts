import { restoreBackup } from '../backup/restore-backup.ts';
import { type CommandSyntax, DATA, readArguments } from './command.ts';
import { PASSWORD, readPassword } from './password.ts';
import { describeBackup } from './verify.ts';

const SYNTAX = {
  name: 'restore',
  usage: 'FILE [FILE ...]',
  description: `Puts a backup into the data directory; after it come those made with --since, in their order.
Everything is checked before anything in the directory changes. Stop the server first. Pages
that are still open reload the history by themselves when it is started again.`,
  count: [1, 1000],
  options: {
    ...DATA,
    ...PASSWORD,
    replace: { help: 'move what is in the directory into replaced-TIME inside it' },
  },
} as const satisfies CommandSyntax<string>;

export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments<keyof typeof SYNTAX.options>(SYNTAX, args, env);
  if (!given) return;
  const { data = '', replace, 'password-file': passwordFile } = given.options;
  const password = readPassword(passwordFile);
  const replaces = replace === 'true';
  const restored = await restoreBackup({ files: given.args, data, password, replaces });
  console.log(`Restored into ${data}: ${describeBackup(restored)}`);
  if (restored.replaced) {
    console.log(`What was there before is in ${restored.replaced}: remove it when all is well.`);
  }
}
