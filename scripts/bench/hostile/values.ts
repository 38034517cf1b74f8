import { type HostileText, repeated, TEXTS } from './texts.ts';

/** A hostile value, as JSON. */
interface HostileValue {
  readonly name: string;
  /** @returns JSON of at most so many bytes */
  json(bytes: number): string;
}

/** The maximum length of each text field; a field without an entry takes no free text. */
export const MAX_LENGTHS: Readonly<Record<string, number>> = {
  message: 4_000,
  text: 200,
  topic: 200,
  question: 300,
  options: 100,
  suggestion: 280,
  password: 100,
  name: 32,
  key: 100,
  reason: 200,
  q: 100,
};

const SHAPES: readonly HostileValue[] = [
  shape('an array of texts', (n) => `[${repeated('"",', n - 4)}""]`),
  shape('an array of numbers', (n) => `[${repeated('1,', n - 3)}1]`),
  shape('different numbers', (n) => JSON.stringify(counted(n / 7))),
  shape('different texts', (n) => JSON.stringify(counted(n / 9).map(String))),
  shape('nested arrays', (n) => '['.repeat(n / 2) + ']'.repeat(n / 2)),
  shape('nested objects', (n) => `${'{"a":'.repeat(n / 6)}1${'}'.repeat(n / 6)}`),
  shape(
    'an object of many names',
    (n) =>
      `{${counted(n / 10)
        .map(pairOf)
        .join(',')}}`,
  ),
  shape('an object of one name', (n) => `{${repeated('"a":1,', n - 10)}"a":1}`),
  shape('a long number', (n) => '9'.repeat(n)),
  shape('a long decimal', (n) => `0.${'0'.repeat(n - 3)}1`),
  shape('a large exponent', (n) => `1e${'9'.repeat(n - 2)}`),
  shape('spaces around', (n) => `${' '.repeat(n - 1)}1`),
];

function shape(name: string, make: (bytes: number) => string): HostileValue {
  return { name, json: (bytes) => make(Math.floor(bytes)) };
}

function counted(count: number): readonly number[] {
  return Array.from({ length: Math.floor(count) }, (_, n) => 10_000 + n);
}

function pairOf(n: number): string {
  return `"${n}":1`;
}

function textValue({ name, make }: HostileText): HostileValue {
  return { name, json: (bytes) => JSON.stringify(fitting(make, bytes, JSON.stringify)) };
}

/** The longest of such texts whose encoding has at most so many bytes. */
export function fitting(
  make: HostileText['make'],
  bytes: number,
  code: (text: string) => string,
): string {
  const whole = make(bytes);
  const size = Buffer.byteLength(code(whole));
  return size <= bytes ? whole : make(Math.floor((bytes * bytes) / size) - 8);
}

/** The texts that could affect a field for a number or a choice. */
const FEW: ReadonlySet<string> = new Set([
  'one letter',
  'digits',
  'a decimal',
  'spaces before',
  'combining marks out of order',
  'NULs',
  'dashes',
]);

/** The values to try in a field: texts of all kinds if it takes text, and other shapes. */
export function valuesFor(field: string): readonly HostileValue[] {
  const texts = field in MAX_LENGTHS ? TEXTS : TEXTS.filter(({ name }) => FEW.has(name));
  return [...texts.map(textValue), ...SHAPES];
}

/** The same for a field that only takes text: in a query, a form, a header. */
export function textsFor(field: string): readonly HostileText[] {
  return field in MAX_LENGTHS ? TEXTS : TEXTS.filter(({ name }) => FEW.has(name));
}
