import { readFileSync } from 'node:fs';
import ejs from 'ejs';

export const templatesFolder = new URL('../templates/', import.meta.url);

/** Reads and compiles a template of `templates/`; in it, its data is called `it`. */
export function template<T extends object>(name: string): (it: T) => string {
  const source = readFileSync(new URL(`${name}.html`, templatesFolder), 'utf8').trim();
  return ejs.compile(source, { strict: true, localsName: 'it' }) as (it: T) => string;
}

type Data = Readonly<Record<string, string | number | boolean | null>>;

/** A fragment for the script of a page: its data, by a name. */
export const signal = template<{ readonly name: string; readonly data: Data }>('signal');
