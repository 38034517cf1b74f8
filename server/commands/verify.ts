import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackupSummary, unpackAll } from '../backup/check-backup.ts';
import { type CommandSyntax, readArguments } from './command.ts';
import { PASSWORD, readPassword } from './password.ts';

const SYNTAX = {
  name: 'verify',
  usage: 'FILE [FILE ...]',
  description: `Unpacks a backup into a temporary directory (TMPDIR) as a restore would, checks all of it, and
says what it holds.`,
  count: [1, 1000],
  options: PASSWORD,
} as const satisfies CommandSyntax<string>;

export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments<keyof typeof SYNTAX.options>(SYNTAX, args, env);
  if (!given) return;
  const password = readPassword(given.options['password-file']);
  const folder = await mkdtemp(join(tmpdir(), 'typhoon-verify-'));
  try {
    console.log(`Sound: ${describeBackup(await unpackAll(given.args, folder, password))}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a backup holds, in one line. */
export function describeBackup(summary: BackupSummary): string {
  const { cursor, at, messages, files, missing } = summary;
  const lacking = missing === 0 ? '' : ` (${missing} more were missing already then)`;
  return `cursor ${cursor} of ${at}, ${messages} messages, ${files} uploads${lacking}.`;
}
