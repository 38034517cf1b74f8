import { repeated } from './texts.ts';
import { valuesFor } from './values.ts';

/** A body that is hostile as a whole. */
interface Document {
  readonly name: string;
  readonly type: string;
  make(bytes: number): string | Buffer;
}

const JSON_TYPE = 'application/json';
const PART = '--x\r\nContent-Disposition: form-data; name="message"\r\n\r\n';
const END = '\r\n--x--\r\n';

/** Variants of `multipart/form-data` (RFC 7578). */
const multipart: readonly Document[] = [
  form('many fields', (n) => repeated(`${PART}a\r\n`, n - 8) + END),
  form('one large field', (n) => PART + repeated('a', n - 100) + END),
  form('a field of marks', (n) => PART + repeated('\u0301', n - 100) + END),
  form('starts of a boundary', (n) => PART + repeated('\r\n--', n - 100) + END),
  form('line feeds', (n) => PART + repeated('\r\n', n - 100) + END),
  form('dashes', (n) => PART + repeated('-', n - 100) + END),
  form('a long name', (n) => disposed(`name="${repeated('a', n - 200)}"`)),
  form('escapes in a name', (n) => disposed(`name="${repeated('\\"', n - 200)}"`)),
  form('a long file name', (n) =>
    disposed(`name="files"; filename="${repeated('\u0301', n - 200)}"`),
  ),
  form('codes in a file name', (n) =>
    disposed(`name="files"; filename*=UTF-8''${repeated('%cc%81', n - 200)}`),
  ),
  form('many parameters', (n) => disposed(`name="a"; ${repeated('a=b; ', n - 200)}`)),
  form('open quotes', (n) => disposed(`name="${repeated('a; ', n - 200)}`)),
  form('many headers', (n) => `--x\r\n${repeated('a: b\r\n', n - 200)}\r\na${END}`),
  form('a long header', (n) => `--x\r\na: ${repeated(' ', n - 200)}\r\n\r\na${END}`),
  form('before the first part', (n) => repeated('\r\n-x', n - 200) + PART + END),
  {
    name: 'a long boundary',
    type: `multipart/form-data; boundary=${'a'.repeat(10_000)}`,
    make: (bytes) => repeated('\r\n--aaaa', bytes),
  },
  {
    name: 'a multipart type of many parameters',
    type: `multipart/form-data; ${'a=b; '.repeat(2_000)}boundary=x`,
    make: () => PART + END,
  },
];

function form(name: string, make: Document['make']): Document {
  return { name: `multipart: ${name}`, type: 'multipart/form-data; boundary=x', make };
}

function disposed(parameters: string): string {
  return `--x\r\nContent-Disposition: form-data; ${parameters}\r\n\r\na${END}`;
}

export const documents: readonly Document[] = [
  ...multipart,
  ...valuesFor('message').map(({ name, json }) => ({
    ...{ name: `JSON of ${name}`, type: JSON_TYPE, make: json },
  })),
  { name: 'no UTF-8', type: JSON_TYPE, make: (bytes) => Buffer.alloc(bytes, 0xff) },
  { name: 'a type of spaces', type: `${JSON_TYPE}${' '.repeat(14_000)};`, make: () => '{}' },
  { name: 'a type of semicolons', type: `${JSON_TYPE}${';'.repeat(14_000)}`, make: () => '{}' },
];
