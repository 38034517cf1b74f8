import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { root } from '../scripts/chat.ts';
import { pollKinds } from '../server/features/polls/poll-kinds.ts';

function read(pattern: string): ReadonlyMap<string, string> {
  const files = globSync(pattern, { cwd: root });
  return new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}

function findAll(text: string, pattern: RegExp): Set<string> {
  return new Set([...text.matchAll(pattern)].flatMap(([, ...groups]) => groups.filter(Boolean)));
}

/** The words in it, among which the names of classes and ids are. */
function wordsOf(texts: Iterable<string>): ReadonlySet<string> {
  return findAll([...texts].join(' '), /([\w-]+)/g);
}

const styles = new Map(
  [...read('static/**/*.css')].map(([file, css]) => [file, css.replace(/\/\*.*?\*\//gs, '')]),
);
const css = [...styles.values()].join('\n');
/** The selectors, without the values of attributes. */
const selectors = [...findAll(css, /([^{};]+)\{/g)]
  .filter((selector) => !selector.trim().startsWith('@'))
  .map((selector) => selector.replace(/"[^"]*"/g, ''))
  .join('\n');
const templates = read('templates/*.html');
const html = [...templates.values()].join('\n');
const scripts = [...read('static/client/**/*.ts').values(), ...read('server/**/*.ts').values()];
const literals = scripts.flatMap((text) => [...findAll(text, /'([^'\n]*)'|`([^`]*)`/g)]);

/** The values of an attribute in the templates. */
function attributes(name: string): readonly string[] {
  return [...findAll(html, new RegExp(`\\b${name}="((?:<%.*?%>|[^"])*)"`, 'g'))];
}

suite('The style sheets', () => {
  test('define every custom property that they use, and use every one that they define.', () => {
    const defined = findAll(css, /(--[\w-]+)\s*:/g);
    // Scripts set some, and read others.
    const scripted = findAll([...literals, html].join(' '), /(--[a-z][\w-]*)/g);
    for (const [file, text] of styles) {
      const used = [...findAll(text, /var\((--[\w-]+)/g)];
      const unknown = used.filter((name) => !defined.has(name) && !scripted.has(name));
      assert.deepEqual(unknown, [], file);
    }
    const used = findAll(css, /var\((--[\w-]+)/g);
    const unused = [...defined].filter((name) => !used.has(name) && !scripted.has(name));
    assert.deepEqual(unused, []);
  });

  test('leave the theme to the tokens: the user may have chosen another than the system has.', () => {
    for (const [file, text] of styles) assert.ok(!text.includes('prefers-color-scheme'), file);
  });

  test('take shadows and the scrim from the tokens.', () => {
    const shadows = [...css.matchAll(/(?:box-shadow|::backdrop \{\s*background): ([^;]+);/g)];
    const written = shadows.map(([, value]) => value).filter((value) => value?.includes('rgb('));
    assert.deepEqual(written, []);
  });

  test('style only what a template or a script has.', () => {
    const names = wordsOf([...literals, ...attributes('class'), ...attributes('id')]);
    // `hue-<%= hue %>` has every class of that shape.
    const composed = [...names].filter((name) => name.endsWith('-'));
    const unknown = [...findAll(selectors, /[.#](-?[a-z_][\w-]*)/gi)].filter(
      (name) => !names.has(name) && !composed.some((start) => name.startsWith(start)),
    );
    assert.deepEqual(unknown, []);
  });
});

suite('The templates', () => {
  const scripted = wordsOf(literals);
  const styled = findAll(selectors, /[.#](-?[a-z_][\w-]*)/gi);
  const isUsed = (name: string) => styled.has(name) || scripted.has(name);

  test('have only classes that a style sheet or a script uses.', () => {
    // Of `hue-<%= hue %>`, the words are in the style sheet.
    const fixed = attributes('class').map((value) => value.replace(/\S*<%=.*?%>\S*|<%.*?%>/g, ' '));
    const classes = wordsOf(fixed);
    assert.deepEqual(
      [...classes].filter((name) => !isUsed(name)),
      [],
    );
  });

  test('draw every icon.', () => {
    const icons = findAll(templates.get('templates/icon.html') ?? '', /^ {2}(\w+):/gm);
    assert.ok(icons.size > 5);
    // A kind of poll has its own.
    const drawn = new Set<string>([...findAll(html, /icon: '(\w+)'/g), ...pollKinds]);
    assert.deepEqual(
      [...icons].filter((name) => !drawn.has(name)),
      [],
    );
  });
});
