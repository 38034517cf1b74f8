import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/*
 * Generates THIRD-PARTY-NOTICES.txt: the third-party code that Typhoon uses, and its licenses.
 *
 *   npm run notices
 */

/** Licenses under which Typhoon may be distributed as it is, with a notice. */
export const ALLOWED: ReadonlySet<string> = new Set([
  ...[
    '0BSD',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'ISC',
    'MIT',
    'Unlicense',
  ],
  ...['PSF-2.0', 'Python-2.0'],
]);

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** The folder where npm installs it, relative to the root. */
  readonly folder: string;
}

const ROOT = new URL('../', import.meta.url);
const NOTICE = /^(licen[cs]e|copying|notice|third-party)/i;

/** Platform packages: one that is not installed here has the license of its installed sibling. */
const FAMILIES: readonly (readonly [member: RegExp, terms: RegExp])[] = [
  [/^@esbuild\//, /^esbuild$/],
  [/^node-(bin-)?(darwin|linux|win)-/, /^node-(bin-)?(darwin|linux|win)-/],
];

/** Third-party code and data without a package of its own. */
const PARTS = [
  {
    what: 'Unicode data, as server/auth/confusables.json and in emojibase-data',
    terms: 'Unicode-3.0',
    file: 'Unicode-3.0.txt',
  },
  {
    what: 'emojibase-data 17.0.0 (names of emoji), as static/client/lib/emoji.txt',
    terms: 'MIT',
    file: 'emojibase-data.txt',
  },
  {
    what: 'libvips, GLib, libexif and libheif, inside wasm-vips',
    terms: 'LGPL-3.0-or-later',
    file: 'LGPL-3.0.txt',
  },
  { what: 'the licence that the LGPL refers to', terms: 'GPL-3.0', file: 'GPL-3.0.txt' },
] as const;

const ABOUT = `Typhoon is under the MIT License: see LICENSE. It uses the software and the data of others that is
listed here, each with its terms. This file is made by scripts/notices.ts.

The libraries inside wasm-vips are listed in its own notice below, with their versions in its file
versions.json. Some are under the LGPL: wasm-vips is used as it was published, as files of its own
(node_modules/wasm-vips/lib/*.wasm), which can be replaced by others that are built from their sources,
https://github.com/kleisauke/wasm-vips.`;

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** What is installed in production, on any platform. */
export function productionPackages(): readonly Package[] {
  const lock = JSON.parse(read('package-lock.json')) as {
    readonly packages: Readonly<
      Record<string, { readonly version: string; readonly license?: string; readonly dev?: true }>
    >;
  };
  return Object.entries(lock.packages)
    .filter(([folder, { dev }]) => folder !== '' && !dev)
    .map(([folder, { version, license = 'none' }]) => {
      return { name: folder.replace(/^.*node_modules\//, ''), version, license, folder };
    })
    .sort((a, b) => compare(`${a.name} ${a.version}`, `${b.name} ${b.version}`));
}

function compare(first: string, other: string): number {
  if (first === other) return 0;
  return first < other ? -1 : 1;
}

/** A package as the notices name it. */
export function entry({ name, version, license }: Package): string {
  return `${name} ${version} (${license})`;
}

/** The license text of a package; for another platform's package, that of its sibling. */
function termsOf(dependency: Package, all: readonly Package[]): string {
  const [, terms] = FAMILIES.find(([member]) => member.test(dependency.name)) ?? [];
  const packages = terms ? all.filter(({ name }) => terms.test(name)) : [dependency];
  for (const { folder } of packages) {
    const texts = ownTerms(folder);
    if (texts.length > 0) return texts.join('\n\n');
  }
  if (dependency.license !== 'MIT')
    throw new Error(`${dependency.folder} has no text of its licence.`);
  return read('LICENSE').replace(
    /^Copyright .*$/m,
    `Copyright (c) the authors of ${dependency.name}`,
  );
}

function ownTerms(folder: string): readonly string[] {
  const path = new URL(`${folder}/`, ROOT);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((file) => NOTICE.test(file))
    .sort(compare)
    .map((file) => tidy(readFileSync(new URL(file, path), 'utf8')));
}

function tidy(text: string): string {
  return text
    .replace(/^\ufeff/, '')
    .replace(/[^\S\n]+$/gm, '')
    .trim();
}

/** The content of the file. */
export function notices(): string {
  const all = productionPackages();
  const terms = Map.groupBy(all, (dependency) => tidy(termsOf(dependency, all)));
  const packages = Array.from(terms, ([text, users]) =>
    section([...new Set(users.map(entry))], text),
  );
  const parts = PARTS.map(({ what, terms: name, file }) =>
    section([`${what} (${name})`], tidy(read(`scripts/notices/${file}`))),
  );
  return `${[ABOUT, ...parts, ...packages].join('\n\n')}\n`;
}

function section(titles: readonly string[], text: string): string {
  return [`${'='.repeat(80)}`, ...titles, '-'.repeat(80), '', text].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(new URL('THIRD-PARTY-NOTICES.txt', ROOT), notices());
}
