import type { Env, Token } from 'markdown-it';
import { Bounds } from './bounds.ts';
import { highlight } from './code.ts';
import { fenced, markdown, parseMarkdown } from './parser.ts';

/** A message whose HTML would be larger is shown as it was written: plain text is smaller. */
const MAX_BYTES = 32 * 1024;
/** A page shows some hundred messages, and may have a hundred thousand elements. */
const MAX_ELEMENTS = 1_000;
/** The name of a language that is longer is not shown above its code. */
const MAX_LABEL = 20;

const { renderer, utils } = markdown;
const { escapeHtml } = utils;

renderer.rules.softbreak = () => '<br>';
renderer.rules.link_open = (tokens, index) => {
  const href = escapeHtml(String(tokens[index]?.attrGet('href')));
  return `<a href="${href}" rel="noopener noreferrer nofollow" target="_blank">`;
};
renderer.rules.fence = (tokens, index, _options, env) => {
  const { code, language } = fenced(tokens[index] as Token);
  const html = codeHtml(code, language, env);
  const isLabelled = language !== '' && language.length <= MAX_LABEL;
  const label = isLabelled ? ` data-language="${escapeHtml(language)}"` : '';
  // Wide code scrolls on its own, by keyboard too.
  return `<pre dir="ltr" tabindex="0"${label}><code>${html}</code></pre>`;
};
// No white space between the tags: the page preserves the white space of a message.
renderer.renderToken = (tokens, index) => {
  const { hidden, nesting, tag, block, level, attrs } = tokens[index] as Token;
  if (hidden) return '';
  if (nesting < 0) return `</${tag}>`;
  // Every paragraph has the direction of its own text.
  const own = block && level === 0 ? [...(attrs ?? []), ['dir', 'auto']] : (attrs ?? []);
  return `<${tag}${own.map(([name, value]) => ` ${name}="${escapeHtml(String(value))}"`).join('')}>`;
};

function codeHtml(code: string, language: string, env: Env | undefined): string {
  const bounds = Bounds.of(env);
  return highlight(code, language, bounds.effort)
    .map(({ text, kind }) => {
      const html = escapeHtml(text);
      return kind && bounds.addPiece() ? `<span class="${kind}">${html}</span>` : html;
    })
    .join('');
}

/**
 * Renders a text as HTML; `undefined` if Markdown would lose something, or it would be too large.
 * @throws RangeError if it makes too many tokens
 */
export function markdownHtml(text: string): string | undefined {
  const parsed = parseMarkdown(text);
  if (!parsed) return undefined;
  const { tokens, env } = parsed;
  const [first, only, last] = tokens;
  const isOne = tokens.length === 3 && first?.type === 'paragraph_open' && only && last;
  const html = renderer.render(isOne ? [only] : [...tokens], markdown.options, env);
  return isTooMuch(html) ? undefined : html;
}

function isTooMuch(html: string): boolean {
  if (html.length <= MAX_ELEMENTS) return false;
  const elements = html.match(/<[a-z]/g)?.length ?? 0;
  return elements > MAX_ELEMENTS || Buffer.byteLength(html) > MAX_BYTES;
}

/** A text as is. Line breaks over the limit show only if the page preserves white space. */
export function plainHtml(text: string): string {
  let lines = 0;
  return escapeHtml(text).replaceAll('\n', () => {
    lines += 1;
    return lines > MAX_ELEMENTS ? '\n' : '<br>';
  });
}
