import { parseArgs } from 'node:util';
import { all, type Contender } from './contenders.ts';
import type { Part } from './part.ts';
import { parts } from './parts.ts';
import { FULL, type Scale } from './scale.ts';

/** The benchmark's options. */
export interface Choices {
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
export function readChoices(args: readonly string[]): Choices | 'help' {
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
    parts: chosen(parts, values.only, (name, word) => name === word),
    contenders: chosen(all, values.contenders, (name, word) => name.toLowerCase().includes(word)),
    scale: { ...FULL, seconds },
    writes: values.write,
  };
}

/** The items whose names match one of the words; without words, all. */
function chosen<T extends { readonly name: string }>(
  from: readonly T[],
  list: string | undefined,
  matches: (name: string, password: string) => boolean,
): readonly T[] {
  if (list === undefined) return from;
  const words = list.toLowerCase().split(',');
  const unknown = words.filter((word) => !from.some(({ name }) => matches(name, word)));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', no ')}.\n${HELP}`);
  return from.filter(({ name }) => words.some((word) => matches(name, word)));
}
