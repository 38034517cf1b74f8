import { readFileSync } from 'node:fs';
import { StartupError } from '../core/errors.ts';
import type { CommandOption } from './command.ts';

/** Where a backup's password comes from. Not the command line: other users of the machine see that. */
export const PASSWORD = {
  'password-file': {
    value: 'FILE',
    env: 'CHAT_BACKUP_PASSWORD_FILE',
    help: 'file whose first line is the password of the backup',
  },
} as const satisfies Record<string, CommandOption>;

const MIN_CHARACTERS = 12;

/** @throws StartupError where the file has no password of 12 characters or more */
export function readPassword(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const [line = ''] = readFileSync(file, 'utf8').split(/\r?\n/);
  if (line.length >= MIN_CHARACTERS) return line;
  throw new StartupError(
    `The first line of ${file} must be a password of ${MIN_CHARACTERS} characters or more.`,
  );
}
