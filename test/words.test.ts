import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { suite, test } from 'node:test';
import {
  type Language,
  languages,
  type MessageKey,
  messagesFor,
  t,
} from '../server/shared/i18n.ts';

const keys = Object.keys(messagesFor('en')) as MessageKey[];

/** Every form of every text of a language, by its key. */
function* textsOf(language: Language): Generator<[MessageKey, string]> {
  for (const key of keys) {
    const text = messagesFor(language)[key];
    for (const form of typeof text === 'string' ? [text] : Object.values(text)) yield [key, form];
  }
}

function assertNone(language: Language, banned: RegExp): void {
  const found = [...textsOf(language)].filter(([, text]) => banned.test(text));
  assert.deepEqual(found, [], `${language}: ${banned}`);
}

suite('The catalogue of texts', () => {
  test('Every key has a text in every language.', () => {
    for (const language of languages) {
      assert.deepEqual(Object.keys(messagesFor(language)).toSorted(), keys.toSorted());
      for (const [key, text] of textsOf(language)) assert.ok(text.trim(), `${language}: ${key}`);
    }
  });

  test('No key is defined twice, of which one would never be seen.', async () => {
    let defined = 0;
    for await (const file of glob('server/shared/i18n/*.ts')) {
      const source = readFileSync(file, 'utf8');
      const [, english = ''] = /defineMessages\(\n {2}\{\n(.*?)\n {2}\},/s.exec(source) ?? [];
      defined += [...english.matchAll(/^ {4}'?[a-z0-9-]+'?:/gm)].length;
    }
    assert.equal(defined, keys.length);
  });

  test('Punctuation around texts is that of the language.', async () => {
    const found: string[] = [];
    for await (const file of glob('templates/*.html')) {
      for (const [written] of readFileSync(file, 'utf8').matchAll(/.*%>(: | \().*/g))
        found.push(`${file}: ${written}`);
    }
    assert.deepEqual(found, []);
  });

  test('A text takes the same values in every language and in each of its forms.', () => {
    const values = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted();
    const english = new Map([...textsOf('en')].map(([key, text]) => [key, values(text)]));
    for (const language of languages) {
      for (const [key, text] of textsOf(language)) {
        assert.deepEqual(values(text), english.get(key), `${language}: ${key}`);
      }
    }
  });

  test('Every key is used by the server, a page or a script.', async () => {
    let source = '';
    for await (const file of glob([
      'server/**/*.ts',
      'static/client/**/*.ts',
      'templates/**/*.html',
    ])) {
      // Where the texts and the codes of errors are defined, nothing is used.
      const isDefinition = /^server\/(shared\/i18n|core\/errors\.ts)/.test(file);
      if (!isDefinition) source += readFileSync(file, 'utf8');
    }
    const literals = new Set([...source.matchAll(/(['"])([\w-]+)\1/g)].map(([, , text]) => text));
    // `kind-${kind}` uses every key of that shape.
    const composed = [...source.matchAll(/`([a-z-]*)\$\{[\w.]+\}([a-z-]*)`/g)]
      .filter(([, start, end]) => /[a-z]+-$/.test(start ?? '') || /^-[a-z]+/.test(end ?? ''))
      .map(([, start, end]) => new RegExp(`^${start}[a-z-]+${end}$`));
    const unused = keys.filter(
      (key) => !literals.has(key) && !composed.some((shape) => shape.test(key)),
    );
    assert.deepEqual(unused, []);
  });

  test('The English has one term for each thing, and addresses the reader.', () => {
    for (const banned of [
      /pass(phrase|code|word to enter)|\bword (to enter|for)\b|\ba word to\b/i,
      /visitor|\bkeep(s|er|ers|ing)?\b|\bpeace\b|take a name|whoever|those who/i,
      /silence|pardon|hand(ed)? (the|this)|slowed|slowness/i,
      /\b(some|any|every|no)body\b|\bone (can|may|has|have|must|needs|chooses?)\b|\bmay one\b/i,
      /\bcannot\b|\b(is|are|was|were|do|does|could) not\b|\bit has been\b/i,
      /\banew\b|\bmend|\broster\b|attendance|\bway\b|\bLong poll\b|\bpicture/i,
    ]) {
      assertNone('en', banned);
    }
  });

  test('The Chinese has one term for each thing, as native speakers write it.', () => {
    for (const banned of [
      /游客|赦免|密码短语|口令|在场|名单|线路|算了|投影|走势|赞成|取个|名字|放慢|人都是|交给/,
      // Names stand apart, whatever script they are in, and numbers too.
      /\{(who|whom|names|leader)\}[\p{Script=Han}]|[\p{Script=Han}]\{(who|whom|names|count|max)\}/u,
      /[\p{Script=Han}][,;:!?()]|[A-Za-z]\p{Script=Han}|\p{Script=Han}[A-Za-z]/u,
    ]) {
      assertNone('zh', banned);
    }
  });
});

suite('The repository', () => {
  /** Words that were replaced, and that have no ordinary meaning in a chat server. */
  const REPLACED =
    /keeper|passcode|passphrase|roster|turnstile|\b(anew|attendance|heeds?|mends?|pardon(s|ed)?|silenced|strangers?|whoever|worded)\b|\b(one|those) who\b/i;

  /** Texts in which they have to stand: data of earlier versions, and reports that scripts write. */
  const EXEMPT =
    /^(test\/(words|features\/migrations)\.test\.ts|server\/features\/(schema\.ts|migrations\/)|CHANGELOG\.md|docs\/(glossary|hostile)\.md)/;

  test('No replaced word has come back.', async () => {
    const found: string[] = [];
    for await (const file of glob([
      '{docs,scripts,server,static,templates,test}/**/*.{css,cjs,ejs,html,md,mjs,ts}',
      '*.md',
    ])) {
      if (EXEMPT.test(file) || file.includes('node_modules')) continue;
      for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
        const [word] = REPLACED.exec(line) ?? [];
        if (word !== undefined) found.push(`${file}:${index + 1}: ${word}`);
      }
    }
    assert.deepEqual(found, []);
  });
});

suite('A text with values', () => {
  test('Numbers are written as the language writes them.', () => {
    assert.equal(
      t('en', 'too-long', { count: 4001, max: 4000 }),
      'Your message is 4,001 characters long. The limit is 4,000.',
    );
    assert.equal(t('zh', 'characters-left', { count: 12 }), '还可以输入 12 个字');
  });

  test('The count chooses the form that the language has for it.', () => {
    const of = (language: Language, count: number) => t(language, 'new-messages', { count });
    assert.deepEqual(
      [0, 1, 2, 1000].map((count) => of('en', count)),
      ['0 new messages', '1 new message', '2 new messages', '1,000 new messages'],
    );
    assert.deepEqual([of('zh', 1), of('zh', 2)], ['1 条新消息', '2 条新消息']);
  });

  test('The count chooses the form where the text does not show it.', () => {
    assert.equal(t('en', 'typing', { names: 'Ann', count: 1 }), 'Ann is typing…');
    assert.equal(t('en', 'typing', { names: 'Ann and Bo', count: 2 }), 'Ann and Bo are typing…');
  });
});
