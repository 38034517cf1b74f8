import { repeated } from './texts.ts';

/** Encoded parts of a URL or a form: invalid or excessive escapes. */
export interface Code {
  readonly name: string;
  make(bytes: number): string;
}

function code(name: string, unit: string): Code {
  return { name, make: (bytes) => repeated(unit, bytes) };
}

/** In place of a value. */
export const VALUES: readonly Code[] = [
  code('percent signs', '%'),
  code('coded percent signs', '%25'),
  code('half codes', '%e'),
  code('half characters', '%F0%9F'),
  code('bytes that are no text', '%FF'),
  code('NULs', '%00'),
  code('pluses', '+'),
  code('coded slashes', '%2f'),
  code('coded dots', '%2e%2e%2f'),
  code('dots', './'),
  code('slashes', '/'),
  code('semicolons', ';a='),
  code('quotes', '%22a%22+'),
];

/** In place of names and values. */
export const PAIRS: readonly Code[] = [
  code('one name', 'a&'),
  code('one name with a value', 'a=b&'),
  code('a coded name', '%61&'),
  code('a list', 'a[]=b&'),
  code('nested names', 'a[b][c]=d&'),
  code('__proto__', '__proto__=a&'),
  code('ampersands', '&'),
  code('equals signs', '='),
  code('question marks', '?'),
  code('half codes', '%e&'),
  {
    name: 'different names',
    make: (bytes) =>
      Array.from({ length: Math.floor(bytes / 6) }, (_, n) => (n + 1e5).toString(36)).join('&'),
  },
];

/** A valid parameter name, repeated. */
export function again(name: string): Code {
  return code(`${name}, repeated`, `${encodeURIComponent(name)}=1&`);
}
