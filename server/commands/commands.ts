import { help } from '../config/read-config.ts';
import { StartupError } from '../core/errors.ts';
import { PROGRAM } from '../program.ts';
import { toStartupError } from '../start-error.ts';

/** @throws StartupError, a sentence for the operator */
export type Run = (args: readonly string[], env: NodeJS.ProcessEnv) => Promise<void>;

interface Command {
  readonly summary: string;
  /** Loaded when it is needed: `serve` loads the whole server. */
  load(): Promise<{ readonly run: Run }>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: {
    summary: 'run the server; also what happens without a command',
    load: () => import('./serve.ts'),
  },
  doctor: {
    summary: 'check the machine, the data and the proxy, and say what to do',
    load: () => import('./doctor.ts'),
  },
  backup: {
    summary: 'write a backup into one file, also while the server runs',
    load: () => import('./backup.ts'),
  },
  restore: {
    summary: 'put a backup into the data directory',
    load: () => import('./restore.ts'),
  },
  verify: {
    summary: 'read a backup and check everything in it',
    load: () => import('./verify.ts'),
  },
  export: {
    summary: 'write a room, or what is stored about a person, into a file',
    load: () => import('./export.ts'),
  },
  erase: {
    summary: 'erase all that a person wrote and that is stored about them',
    load: () => import('./erase.ts'),
  },
  owner: {
    summary: 'print a link that makes a user the owner of the server',
    load: () => import('./owner.ts'),
  },
  recover: {
    summary: 'begin the log of a cluster again from this node, where it was lost',
    load: () => import('./recover.ts'),
  },
  compact: {
    summary: 'rewrite the database without what was deleted',
    load: () => import('./compact.ts'),
  },
};

/**
 * Runs the command that the arguments name, `serve` where they name none.
 * @throws StartupError, a sentence on what is wrong
 */
export async function runCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const [first = ''] = args;
  if (first === '--help' || first === '-h') {
    console.log(`${help}\n\n${commandHelp()}`);
    return;
  }
  const isNamed = first !== '' && !first.startsWith('-');
  const name = isNamed ? first : 'serve';
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new StartupError(`There is no command '${name}'. See ${PROGRAM} --help.`);
  const { run } = await command.load();
  try {
    await run(isNamed ? args.slice(1) : args, env);
  } catch (error) {
    throw toStartupError(error, name === 'serve' ? undefined : `${name} failed`);
  }
}

function commandHelp(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => {
    return `  ${PROGRAM} ${name.padEnd(10)} ${summary}`;
  });
  return `Commands, each with --help:\n\n${lines.join('\n')}`;
}
