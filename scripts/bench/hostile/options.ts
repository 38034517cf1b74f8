import { parseArgs } from 'node:util';

export interface HostileOptions {
  /** Whether something is measured, by its name. */
  matches(name: string): boolean;
  /** The duration of each attack, and of the baseline before it. */
  readonly seconds: number;
  /** Whether the tables are written to `docs/`. */
  readonly writes: boolean;
}

export const HELP = `npm run bench:hostile [-- OPTIONS]
  --only TEXT,TEXT  what has one of these in its name, such as "frames: live json · text"
  --seconds NUMBER  of each attack of one address on the others (5)
  --write           writes docs/hostile.md; not together with --only`;

/** @throws Error if the arguments are invalid */
export function parseOptions(args: readonly string[]): HostileOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      seconds: { type: 'string', default: '5' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new Error('--seconds takes a number above 0.');
  if (values.write && values.only !== undefined) throw new Error('--write takes all of it.');
  const texts = values.only?.split(',');
  const matches = (name: string) => !texts || texts.some((text) => name.includes(text));
  return { matches, seconds, writes: values.write };
}
