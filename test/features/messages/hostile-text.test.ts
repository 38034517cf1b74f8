import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { HOSTILE_MESSAGES } from '../../../scripts/bench/hostile-messages.ts';
import { HOSTILE, MAX_LENGTH, pairs, repeatTo } from '../../../scripts/bench/hostile-texts.ts';
import { bodyHtml } from '../../../server/features/messages/body.ts';
import { Effort } from '../../../server/features/messages/markdown/effort.ts';
import { markdown } from '../../../server/features/messages/markdown/parser.ts';
import { minCpuMs } from '../../support/cpu.ts';

/*
 * No message takes more than 20 ms to render: scripts/bench-render.ts measures it. A clock would fail on
 * a busy machine. What is counted here is the same everywhere, and what is measured is compared with
 * itself.
 */

/** Rules tried for one character of a text. */
const MAX_RULES = 40;
const SHORT = MAX_LENGTH / 8;
/** Ordinary texts, and how much longer a hostile text may take: 20 ms are some 20 times as long. */
const ORDINARY =
  'Hello **you**, see `x` at https://a.com/b?c\n- one\n- two\n> three\n\n```js\nlet a = 1;\n```\n';
const MAX_RATIO = 8;

/** A text rendered, and what that took. */
interface Rendered {
  readonly name: string;
  readonly length: number;
  readonly html: string;
  /** How often the parser tried a rule. */
  readonly rules: number;
  /** How often a parser of code read a character. */
  readonly calls: number;
}

/** Renders texts, and counts what it takes. */
function renderAll(texts: readonly string[]): readonly Rendered[] {
  let rules = 0;
  let calls = 0;
  for (const ruler of [markdown.block.ruler, markdown.inline.ruler, markdown.inline.ruler2]) {
    for (const chain of ['', 'paragraph', 'blockquote', 'list']) {
      const all = ruler.getRules(chain) as ((...args: unknown[]) => unknown)[];
      all.forEach((rule, index) => {
        all[index] = (...args) => {
          rules += 1;
          return rule(...args);
        };
      });
    }
  }
  const { spend } = Effort.prototype;
  Effort.prototype.spend = function () {
    calls += 1;
    spend.call(this);
  };
  return texts.map((text) => {
    rules = 0;
    calls = 0;
    const html = bodyHtml(text);
    return { name: JSON.stringify(text.slice(0, 40)), length: text.length, html, rules, calls };
  });
}

function depthOf(html: string): number {
  let depth = 0;
  let most = 0;
  for (const [tag] of html.matchAll(/<\/?(?!br)[a-z]+/g)) {
    depth += tag.startsWith('</') ? -1 : 1;
    most = Math.max(most, depth);
  }
  return most;
}

suite('A hostile text', () => {
  let all: readonly Rendered[];

  before(() => {
    const hostile = [...HOSTILE.values()].map((text) => [...text(MAX_LENGTH)].slice(0, MAX_LENGTH));
    all = renderAll([...hostile.map((text) => text.join('').trim()), ...pairs(SHORT)]);
  });

  test('takes no more steps than its length allows', () => {
    assert.ok(all.some(({ rules }) => rules > 10_000) && all.some(({ calls }) => calls > 10_000));
    for (const { name, length, rules, calls } of all) {
      assert.ok(rules <= MAX_RULES * length, `${name}: ${rules} rules tried`);
      // It ends at the call that is too much.
      assert.ok(calls <= Effort.MAX + 1, `${name}: ${calls} calls of a stream`);
    }
  });

  test('results in no more markup, elements and depth than a page can render', () => {
    for (const { name, html } of all) {
      const bytes = Buffer.byteLength(html);
      assert.ok(bytes <= 32 * 1024, `${name}: ${bytes} bytes`);
      const elements = html.match(/<[a-z]/g)?.length ?? 0;
      assert.ok(elements <= 1_000, `${name}: ${elements} elements`);
      assert.ok(depthOf(html) <= 25, `${name}: ${depthOf(html)} elements in one another`);
    }
  });

  test('has no more around it than a page can render', () => {
    for (const [name, render] of Object.entries(HOSTILE_MESSAGES)) {
      const html = render();
      const bytes = Buffer.byteLength(html);
      assert.ok(bytes <= 256 * 1024, `${name}: ${bytes} bytes`);
      const elements = html.match(/<[a-z]/g)?.length ?? 0;
      assert.ok(elements <= 2_000, `${name}: ${elements} elements`);
    }
  });

  test('takes about as long as others of its length', () => {
    const least = (text: string, times: number) => minCpuMs(() => bodyHtml(text), times);
    const ordinary = least(repeatTo(ORDINARY, MAX_LENGTH), 20);
    const slow = [...HOSTILE].flatMap(([name, of]) => {
      const text = of(MAX_LENGTH);
      if (least(text, 1) / ordinary <= MAX_RATIO) return [];
      const ratio = least(text, 10) / ordinary;
      return ratio > MAX_RATIO ? [`${name}: ${ratio.toFixed(1)} times as long`] : [];
    });
    assert.deepEqual(slow, []);
  });
});
