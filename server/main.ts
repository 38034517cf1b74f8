import { runCommand } from './commands/commands.ts';
import { StartupError } from './core/errors.ts';

// Files are created for the server's own user, unless stated otherwise.
process.umask(0o077);
try {
  await runCommand(process.argv.slice(2), process.env);
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  console.error(error.message);
  process.exit(1);
}
