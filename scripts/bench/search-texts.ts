import { languages } from '../../server/features/messages/markdown/code.ts';
import { fence, inLines, MAX_LENGTH, repeatTo, SIGNS } from './hostile-texts.ts';

/** The tokens of code, in one language or another. */
const CODE_SIGNS: readonly string[] = [
  ...SIGNS,
  ...'{ } ; , $ ${ $( #{ # // /* */ -- --[[ """ \'\'\' \' r#" << <<A f"{ %w( => -> :: ? ^ ~ 0x 1e /a/ <a> </'.split(
    ' ',
  ),
  ...'if for while do end let var def class function return case import type new of in async'.split(
    ' ',
  ),
];
const MAX_PARTS = 5;

/** A text: repeated parts, with a prefix and a suffix. */
interface Recipe {
  readonly language: string | undefined;
  readonly before: string;
  readonly parts: readonly string[];
  readonly after: string;
}

interface Found {
  readonly name: string;
  readonly text: string;
}

/**
 * Looks for slow texts, without knowledge of grammars: random signs, repeated; then mutations of
 * the slowest of each language.
 * @param ms how long a text takes
 */
export function searchTexts(seconds: number, ms: (text: string) => number): readonly Found[] {
  const end = Date.now() + seconds * 1_000;
  const slowest = new Map<string, { readonly recipe: Recipe; readonly ms: number }>();
  while (Date.now() < end) {
    const parent = Math.random() < 0.5 ? random([...slowest.values()])?.recipe : undefined;
    const recipe = parent ? changed(parent) : invented();
    const language = recipe.language ?? '';
    const found = { recipe, ms: ms(textOf(recipe)) };
    if (found.ms > (slowest.get(language)?.ms ?? 0)) slowest.set(language, found);
  }
  return [...slowest.values()].map(({ recipe }) => ({
    name: JSON.stringify(recipe),
    text: textOf(recipe),
  }));
}

function textOf({ language, before, parts, after }: Recipe): string {
  const middle = repeatTo(parts.join(''), MAX_LENGTH - 100);
  const text = before + (language ? inLines(middle) : middle) + after;
  return [...(language ? fence(language, text) : text)].slice(0, MAX_LENGTH).join('');
}

function invented(): Recipe {
  const language = Math.random() < 0.5 ? random(languages) : undefined;
  return { language, before: sign(language), parts: some(language), after: sign(language) };
}

function changed(recipe: Recipe): Recipe {
  const { language, parts } = recipe;
  const at = Math.floor(Math.random() * parts.length);
  return (
    random([
      { ...recipe, before: sign(language) },
      { ...recipe, after: sign(language) },
      { ...recipe, parts: some(language) },
      { ...recipe, parts: parts.with(at, sign(language)) },
      { ...recipe, parts: parts.toSpliced(at, 0, sign(language)).slice(0, 4 * MAX_PARTS) },
      { ...recipe, parts: parts.length > 1 ? parts.toSpliced(at, 1) : parts },
      { ...recipe, parts: [...parts, ...parts].slice(0, 4 * MAX_PARTS) },
    ]) ?? recipe
  );
}

function some(language: string | undefined): readonly string[] {
  return Array.from({ length: 1 + Math.floor(Math.random() * MAX_PARTS) }, () => sign(language));
}

function sign(language: string | undefined): string {
  return random(language ? CODE_SIGNS : SIGNS) ?? '';
}

function random<T>(all: readonly T[]): T | undefined {
  return all[Math.floor(Math.random() * all.length)];
}
