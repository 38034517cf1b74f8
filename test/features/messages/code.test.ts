import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { bodyHtml } from '../../../server/features/messages/body.ts';
import {
  highlight,
  languages,
  type Token,
} from '../../../server/features/messages/markdown/code.ts';
import { Effort } from '../../../server/features/messages/markdown/effort.ts';
import { MAX_CHARACTERS } from '../../../server/features/messages/message-text.ts';
import { CODE_SAMPLES } from '../../support/code-samples.ts';
import { minCpuMs } from '../../support/cpu.ts';

const line = fc
  .array(
    fc.constantFrom(
      ...'a A 0 " \' ` ( ) { } [ ] < > / * // /* # $ ${ @ . : ; = \\ - <<E R" \n \t'.split(' '),
      // What ends a line, and what may be taken for a space.
      ...['\r', '\u2028', '\u2029', '\u0085', '\u00a0', '\ufeff', ' ', '\v'],
    ),
  )
  .map((all) => all.join(''));

function text(all: readonly Token[]): string {
  return all.map((piece) => piece.text).join('');
}

/** Every highlighted token, as `kind:text`. */
function kinds(code: string, language: string): readonly string[] {
  return highlight(code, language).flatMap(({ kind, text }) => (kind ? [`${kind}:${text}`] : []));
}

suite('Code', () => {
  test('is split into tokens without loss, in any language, whatever it is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...languages), fc.oneof(line, fc.string()), (language, code) => {
        assert.equal(text(highlight(code, language)), code);
      }),
      { numRuns: 3_000 },
    );
  });

  test('in a line too long for its parser stays as it is', () => {
    const code = `if ${'('.repeat(300)}`;
    assert.deepEqual(highlight(code, 'js'), [{ text: code, kind: undefined }]);
  });

  test('never lets its parser loop', () => {
    // To TOML's parser a line separator within a string was neither a character nor the end.
    for (const end of ['\r', '\u2028', '\u2029']) {
      const code = `a = "${end}"\nb = 1`;
      for (const language of languages) assert.equal(text(highlight(code, language)), code);
      assert.ok(kinds(code, 'toml').includes('n:1'));
    }
  });

  test('that takes too much work is highlighted as far as it was parsed', () => {
    const code = 'let a = "b";\n'.repeat(100);
    const effort = new Effort();
    assert.deepEqual(highlight(code, 'js', effort), highlight(code, 'js'));
    for (let n = 0; n < 100; n += 1) highlight(code, 'js', effort);
    assert.deepEqual(highlight(code, 'js', effort), [{ text: code, kind: undefined }]);
  });

  test('with hundreds of open brackets is highlighted up to there', () => {
    const code = `let a;\n${'(\n'.repeat(500)}let b;`;
    assert.deepEqual(kinds(code, 'js'), ['k:let', 'd:a']);
    assert.deepEqual(kinds(code.replaceAll('(', '( )'), 'js'), ['k:let', 'd:a', 'k:let', 'd:b']);
  });

  for (const language of languages) {
    test(`of ${language} that fills a message is highlighted to the end`, () => {
      const sample = CODE_SAMPLES[language] ?? '';
      const code = sample.repeat(MAX_CHARACTERS / sample.length);
      const html = bodyHtml(`\`\`\`${language}\n${code}\`\`\``);
      assert.match(
        html,
        /^<pre dir="ltr" tabindex="0" data-language="[\w+#.-]+"><code>.*<\/code><\/pre>$/s,
      );
      const all = [...html.matchAll(/<span class="([a-z])">/g)];
      assert.ok(all.length >= 60, `${all.length} words`);
      assert.ok(new Set(all.map(([, kind]) => kind)).size >= 2, 'of several kinds');
      assert.ok(html.length - (all.at(-1)?.index ?? 0) < 300, 'up to the end');
    });
  }

  test('in YAML has its keys, texts, numbers and comments highlighted', () => {
    const code = 'a b: "c: d" # e\n- f: [1, on, g]\nh: |\n  i: j\nk: l#m';
    assert.deepEqual(kinds(code, 'yaml'), [
      ...['n:a b', 'm::', 's:"c: d"', 'c:# e'],
      ...['m:-', 'n:f', 'm::', 'm:[', 'n:1', 'm:,', 'k:on', 'm:,', 'm:]'],
      ...['n:h', 'm::', 'm:|', 's:  i: j', 'n:k', 'm::'],
    ]);
  });

  test('takes no longer in long lines than in short ones', () => {
    for (const language of languages) {
      for (const unit of [' ', 'a ', ': ', '{ ', '" ']) {
        const work = (length: number, lines: number) => {
          const code = `a${unit.repeat(length / unit.length)}b\n`.repeat(lines);
          return minCpuMs(() => highlight(code, language), 3);
        };
        const ratio = work(200, 3) / Math.max(work(50, 12), 0.5);
        // The YAML parser we had took 60 times more.
        assert.ok(ratio < 12, `${language} ${JSON.stringify(unit)}: ${ratio}`);
      }
    }
  });
});
