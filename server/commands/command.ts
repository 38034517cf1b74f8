import { parseArgs } from 'node:util';
import { StartupError } from '../core/errors.ts';
import { PROGRAM } from '../program.ts';

/** An option of a command. */
export interface CommandOption {
  /** What its value is called in the help; a flag without one is true or false. */
  readonly value?: string;
  readonly env?: string;
  readonly default?: string;
  readonly help: string;
}

/** What a command takes, for its help and for reading it. */
export interface CommandSyntax<O extends string> {
  readonly name: string;
  /** Its arguments in the help, such as `FILE`. */
  readonly usage: string;
  /** What it does, in sentences. */
  readonly description: string;
  /** How many arguments it takes. */
  readonly count: readonly [min: number, max: number];
  readonly options: Readonly<Record<O, CommandOption>>;
}

interface CommandArguments<O extends string> {
  readonly args: readonly string[];
  /** The flags, else the environment, else the defaults; an empty value counts as none. */
  readonly options: Readonly<Partial<Record<O, string>>>;
}

/** The folder that a command works with, as for the server. */
export const DATA = {
  data: { value: 'DIR', env: 'CHAT_DATA', default: 'data', help: 'data directory' },
} as const satisfies Record<string, CommandOption>;

/**
 * Reads the arguments of a command.
 * @returns `undefined` where its help was requested, which is printed
 * @throws StartupError, a sentence on what is wrong
 */
export function readArguments<O extends string>(
  syntax: CommandSyntax<O>,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): CommandArguments<O> | undefined {
  const known = Object.entries<CommandOption>(syntax.options);
  const see = `See ${PROGRAM} ${syntax.name} --help.`;
  const { values, positionals } = parse(known, args, see);
  if (values.help) {
    console.log(helpOf(syntax));
    return undefined;
  }
  const [min, max] = syntax.count;
  if (positionals.length < min) {
    throw new StartupError(`${syntax.name} needs ${syntax.usage}. ${see}`);
  }
  if (positionals.length > max) {
    throw new StartupError(`Unexpected argument '${positionals[max]}'. ${see}`);
  }
  const options = known.map(([name, option]) => {
    const given = values[name] ?? (option.env && env[option.env]);
    return [name, given === true ? 'true' : given || option.default];
  });
  return { args: positionals, options: Object.fromEntries(options) };
}

interface Parsed {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

function parse(
  known: readonly (readonly [string, CommandOption])[],
  args: readonly string[],
  see: string,
): Parsed {
  const types = known.map(([name, { value }]) => [
    name,
    { type: value === undefined ? ('boolean' as const) : ('string' as const) },
  ]);
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...Object.fromEntries(types), help: { type: 'boolean' as const, short: 'h' } },
    }) as Parsed;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error);
    throw new StartupError(`${reason}. ${see}`);
  }
}

function helpOf({ name, usage, description, options }: CommandSyntax<string>): string {
  const lines = Object.entries(options).map(([flag, option]) => {
    const start = `--${flag} ${option.value ?? ''}`.padEnd(24);
    const standard = option.default === undefined ? '' : ` (${option.default})`;
    return `  ${start} ${(option.env ?? '').padEnd(20)} ${option.help}${standard}`;
  });
  return `  ${PROGRAM} ${name} ${usage} [options]

${description}

${lines.join('\n')}
  --help                   show this help`;
}
