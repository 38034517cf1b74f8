import { type Language, languages, messagesFor } from '../shared/i18n.ts';
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

/** @param path of a script in the bundle */
export function scriptOf(files: Bundle, path: string): Script {
  const imports = reachable(files, path, IMPORT);
  const later = imports.flatMap((file) => reachable(files, file, DYNAMIC_IMPORT, IMPORT));
  const isUsed = keyTest([...new Set([...imports, ...later])].map((file) => files.get(file) ?? ''));
  const texts = languages.map((language) => [language, textsJson(language, isUsed)]);
  return {
    path,
    imports: imports.filter((file) => file !== path),
    texts: Object.fromEntries(texts),
  };
}

/** A script, and those that it imports in these ways, directly or through others. */
function reachable(files: Bundle, path: string, ...ways: readonly RegExp[]): readonly string[] {
  const found = new Set([path]);
  for (const file of found) {
    const text = files.get(file) ?? '';
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    for (const way of ways) for (const [, name] of text.matchAll(way)) found.add(folder + name);
  }
  return [...found];
}

/** Whether a key may be used in these scripts: as a string of its own, or made of its beginning. */
function keyTest(sources: readonly string[]): (key: string) => boolean {
  const whole = new Set<string>();
  const beginnings = new Set<string>();
  for (const source of sources) {
    for (const [, text = '', end] of source.matchAll(STRING)) {
      if (end !== '${') whole.add(text);
      // Of a template like `chart-${kind}`; nothing shorter, which would be any key.
      else if (text.endsWith('-')) beginnings.add(text);
    }
  }
  return (key) => whole.has(key) || [...beginnings].some((start) => key.startsWith(start));
}

function textsJson(language: Language, isUsed: (key: string) => boolean): string {
  const used = Object.entries(messagesFor(language)).filter(([key]) => isUsed(key));
  // Nothing in it ends the element that it stands in.
  return JSON.stringify(Object.fromEntries(used)).replaceAll('<', '\\u003c');
}
