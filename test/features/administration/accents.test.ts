import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { accents } from '../../../server/shared/accents.ts';

const STYLES = ['static/style/tokens.css', 'static/dark.css'] as const;
/** What text has to differ from its ground by (WCAG 2.2, 1.4.3). */
const LEAST = 4.5;

/** The colours of a rule of a style sheet, by their names. */
function colorsOf(css: string, selector: string): ReadonlyMap<string, string> {
  const start = css.indexOf(`${selector} {`);
  assert.notEqual(start, -1, selector);
  const rule = css.slice(start, css.indexOf('}', start));
  return new Map(
    Array.from(rule.matchAll(/--([\w-]+): (#[\da-f]{6});/g), ([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}

/** The relative luminance of a colour (WCAG 2.2). */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

for (const style of STYLES) {
  const css = readFileSync(style, 'utf8');
  const theme = colorsOf(css, ':root');
  for (const accent of accents) {
    test(`The accent ${accent} can be read in ${style}.`, () => {
      const all = new Map([...theme, ...colorsOf(css, `[data-accent="${accent}"]`)]);
      const color = (name: string) => all.get(name) ?? assert.fail(name);
      for (const ground of ['ground', 'surface', 'raised', 'hover', 'own', 'on-accent'])
        assert.ok(contrast(color('accent'), color(ground)) >= LEAST, ground);
      for (const text of ['text', 'muted'])
        assert.ok(contrast(color(text), color('own')) >= LEAST, text);
    });
  }
}
