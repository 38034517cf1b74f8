import { parseArgs } from 'node:util';
import { all, type Contender } from './contenders.ts';
import type { Part } from './part.ts';
import { parts } from './parts.ts';
import { FULL, type Scale } from './scale.ts';

/** The benchmark's options. */
export interface BenchOptions {
  readonly parts: readonly Part[];
  readonly contenders: readonly Contender[];
  readonly scale: Scale;
  /** Whether the report is written to `docs/`. */
  readonly writes: boolean;
}

export const HELP = `npm run bench [-- OPTIONS]
  --only PART,PART        of ${parts.map(({ name }) => name).join(', ')}
  --contenders NAME,NAME  parts of names, of ${all.map(({ name }) => name).join(' | ')}
  --seconds NUMBER        of each load (${FULL.seconds})
  --write                 writes docs/bench.json, docs/bench.svg and docs/benchmarks.md, part by part`;

/** @throws Error if the arguments are invalid */
export function parseOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      contenders: { type: 'string' },
      seconds: { type: 'string', default: `${FULL.seconds}` },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new Error('--seconds takes a number above 0.');
  return {
    parts: selected(parts, values.only, (name, pattern) => name === pattern),
    contenders: selected(all, values.contenders, (name, pattern) =>
      name.toLowerCase().includes(pattern),
    ),
    scale: { ...FULL, seconds },
    writes: values.write,
  };
}

/** The items whose names match a pattern; without patterns, all. */
function selected<T extends { readonly name: string }>(
  from: readonly T[],
  list: string | undefined,
  matches: (name: string, pattern: string) => boolean,
): readonly T[] {
  if (list === undefined) return from;
  const patterns = list.toLowerCase().split(',');
  const unknown = patterns.filter((pattern) => !from.some(({ name }) => matches(name, pattern)));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', no ')}.\n${HELP}`);
  return from.filter(({ name }) => patterns.some((pattern) => matches(name, pattern)));
}
