import { type Language, languages, messagesFor } from '../shared/i18n.ts';
import { oncePer } from '../shared/once-per.ts';
import type { Bundle } from './bundle.ts';

/** A script of a page, and what the page loads and has for it. */
export interface Script {
  readonly path: string;
  /** The scripts that it imports: a page names them, so that they are loaded at the same time. */
  readonly imports: readonly string[];
  /** The texts it uses, as JSON that can stand in a page; by language. */
  readonly texts: Readonly<Record<Language, string>>;
}

const IMPORT = /(?:from|import)\s*"\.\/([\w.-]+\.js)"/g;
const DYNAMIC_IMPORT = /import\("\.\/([\w.-]+\.js)"\)/g;
/** A string that may be a key, or the beginning of one: `kind-${kind}`. */
const STRING = /["'`]([a-z][a-z\d-]*)(["'`]|\$\{)/g;

interface Scanned {
  readonly imports: readonly string[];
  /** What it imports when it is needed. */
  readonly later: readonly string[];
  /** Its strings, and the beginnings of its templates: a key may be one of them, or begin with one. */
  readonly strings: ReadonlySet<string>;
  readonly beginnings: readonly string[];
}

/** Creates the function that describes the script at a path in the bundle. Each file is read once. */
export function scriptsOf(files: Bundle): (path: string) => Script {
  const scanned = oncePer((path: string) => scan(path, files.get(path) ?? ''));
  return (path) => {
    const imports = reachable([path], (file) => scanned(file).imports);
    const all = reachable(imports, (file) => [...scanned(file).imports, ...scanned(file).later]);
    const used = usedKeys(all.map(scanned));
    const texts = languages.map((language) => [language, textsJson(language, used)]);
    return {
      path,
      imports: imports.filter((file) => file !== path),
      texts: Object.fromEntries(texts),
    };
  };
}

function scan(path: string, text: string): Scanned {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const named = (pattern: RegExp) =>
    Array.from(text.matchAll(pattern), ([, name]) => folder + name);
  const strings = new Set<string>();
  const beginnings = new Set<string>();
  for (const [, string = '', end] of text.matchAll(STRING)) {
    if (end !== '${') strings.add(string);
    // Of a template like `chart-${kind}`; nothing shorter, which would be any key.
    else if (string.endsWith('-')) beginnings.add(string);
  }
  return {
    imports: named(IMPORT),
    later: named(DYNAMIC_IMPORT),
    strings,
    beginnings: [...beginnings],
  };
}

/** These files, and those that they lead to, directly or through others. */
function reachable(
  from: readonly string[],
  next: (file: string) => readonly string[],
): readonly string[] {
  const found = new Set(from);
  for (const file of found) for (const other of next(file)) found.add(other);
  return [...found];
}

/** The keys that these scripts may use. */
function usedKeys(scripts: readonly Scanned[]): readonly string[] {
  const beginnings = scripts.flatMap((script) => script.beginnings);
  return Object.keys(messagesFor('en')).filter(
    (key) =>
      scripts.some(({ strings }) => strings.has(key)) ||
      beginnings.some((start) => key.startsWith(start)),
  );
}

function textsJson(language: Language, keys: readonly string[]): string {
  const texts: Readonly<Record<string, unknown>> = messagesFor(language);
  const used = Object.fromEntries(keys.map((key) => [key, texts[key]]));
  // Nothing in it ends the element that it stands in.
  return JSON.stringify(used).replaceAll('<', '\\u003c');
}
