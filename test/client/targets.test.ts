import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import bcd from '@mdn/browser-compat-data' with { type: 'json' };
import type { BrowserName, CompatStatement, Identifier } from '@mdn/browser-compat-data';
import { build, transform } from 'esbuild';
import { OPTIONS, TARGETS } from '../../server/http/assets.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { ios, ...others } = TARGETS;
const browsers = Object.entries({ ...others, safari_ios: ios }) as [BrowserName, string][];

/** Styles that some browsers leave out, and the page is as good without. */
const EXTRAS = new Set([
  ...['accent-color', 'cursor', 'field-sizing', 'overflow-anchor', 'overscroll-behavior', 'resize'],
  ...[
    'font-family',
    'scrollbar-color',
    'scrollbar-gutter',
    'scrollbar-width',
    'text-size-adjust',
    'text-wrap',
  ],
]);
/** Names of what the data says too little of, or where it is enough that some browsers have it. */
const KNOWN = new Set(['cookieEnabled', 'beforeunload', 'wakeLock']);

/** Which of the browsers lack it. */
function lacking({ support }: CompatStatement): BrowserName[] {
  const has = ([browser, version]: [BrowserName, string]) =>
    [support[browser] ?? []].flat().some((statement) => {
      const { version_added: since, version_removed: until, flags, prefix } = statement;
      const isSince =
        typeof since === 'string' && Number.parseFloat(since.replace('≤', '')) <= Number(version);
      return isSince && !until && !flags && !prefix;
    });
  return browsers.filter((browser) => !has(browser)).map(([name]) => name);
}

/** The members of all interfaces, and the interfaces themselves, by their names. */
function membersOf(
  ...folders: readonly (Identifier | undefined)[]
): Map<string, CompatStatement[]> {
  const members = new Map<string, CompatStatement[]>();
  const add = (name: string, { __compat }: Identifier) => {
    if (__compat) members.set(name, [...(members.get(name) ?? []), __compat]);
  };
  for (const folder of folders) {
    for (const [name, one] of Object.entries(folder ?? {})) {
      if (name === '__compat') continue;
      add(name, one as Identifier);
      for (const [member, what] of Object.entries(one as Record<string, Identifier>)) {
        if (member !== '__compat') add(member.replace(/_(event|static)$/, ''), what);
      }
    }
  }
  return members;
}

/** Our own modules of a bundle, without types and comments. */
async function sources(): Promise<string[]> {
  const { metafile } = await build({
    ...OPTIONS,
    ...{ absWorkingDir: root, bundle: true, write: false, metafile: true },
  });
  const ours = Object.keys(metafile.inputs).filter((path) =>
    /^(static|server)\/.*\.ts$/.test(path),
  );
  return Promise.all(
    ours.map(
      async (path) =>
        (await transform(readFileSync(`${root}/${path}`, 'utf8'), { loader: 'ts' })).code,
    ),
  );
}

const all = (texts: readonly string[], pattern: RegExp) =>
  new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name)));

suite('The oldest supported browsers', () => {
  test('have the features that the scripts use.', async () => {
    const texts = await sources();
    const members = membersOf(bcd.api, bcd.javascript.builtins);
    const asked = all(texts, /(?:(?<=[\w)\]?!])\.|new |addEventListener\(")([a-z]\w*)/gi);
    // What has a name of ours, too, is taken for ours.
    const own = all(texts, /(?<![.\w#'"-])#?([a-z]\w*)(?=\s*[:(=?,;}\])])/gi);
    const missing = [...asked].filter((name) => {
      const known = members.get(name);
      return known?.every((one) => lacking(one).length > 0) && !own.has(name) && !KNOWN.has(name);
    });
    assert.deepEqual(missing, []);
    assert.ok(asked.has('showModal') && asked.has('findLast'), 'the names are found');
  });

  test('have the features that the styles use, or work without them.', async () => {
    const { outputFiles } = await build({
      ...OPTIONS,
      ...{
        absWorkingDir: root,
        entryPoints: ['static/chat.css'],
        bundle: true,
        write: false,
        minify: false,
      },
    });
    const css = (outputFiles?.[0]?.text ?? '').replace(/\/\*.*?\*\//gs, '');
    const missing = new Set<string>();
    const check = (what: string, one: Identifier | undefined) => {
      const by = one?.__compat ? lacking(one.__compat) : [];
      if (by.length > 0) missing.add(`${what}: ${by}`);
    };
    const { properties, selectors, types, 'at-rules': rules } = bcd.css;
    for (const [, name = '', value = ''] of css.matchAll(/[{;]\s*([a-z][a-z-]*):\s*([^;{}]+)/g)) {
      if (EXTRAS.has(name)) continue;
      check(name, properties?.[name]);
      for (const [word] of value.matchAll(/[a-z][a-z-]*/g)) {
        check(`${name}: ${word}`, properties?.[name]?.[word]);
      }
      for (const [, word = ''] of value.matchAll(/([a-z-]+)\(/g)) {
        check(`${word}()`, types?.[word] ?? types?.color?.[word]);
      }
    }
    for (const [, name = ''] of css.matchAll(/(?<=[\s:.#\w\])*]):{1,2}([a-z][a-z-]*)/g))
      check(`:${name}`, selectors?.[name]);
    for (const [, name = ''] of css.matchAll(/@([a-z-]+)/g)) check(`@${name}`, rules?.[name]);
    for (const [, name = ''] of css.matchAll(/@media[^{]*\(([a-z-]+)/g))
      check(`@media ${name}`, rules?.media?.[name]);
    assert.deepEqual([...missing], []);
  });
});
