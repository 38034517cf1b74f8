import MarkdownIt, { type Env, type Token } from 'markdown-it';
import { Bounds } from './bounds.ts';
import { highlight } from './code.ts';
import { continuation } from './continuation.ts';
import { emphasis } from './emphasis.ts';
import { escapes } from './escapes.ts';
import { lines } from './lines.ts';
import { links } from './links.ts';
import { mentions } from './mention.ts';
import { numbers } from './numbers.ts';

/** The maximum nesting of quotes and lists, and of emphasis. */
const MAX_NESTING = 20;
/** A message whose HTML would be larger is shown as it was written: plain text is smaller. */
const MAX_BYTES = 32 * 1024;
/** A page shows some hundred messages, and may have a hundred thousand elements. */
const MAX_ELEMENTS = 1_000;

/**
 * Top-level domains of host names that become links without `http://`. No others, because
 * `README.md` and `main.rs` are files.
 */
const TLDS = new Set(
  'com org net edu gov info io dev app ai cn de eu uk fr at ch nl it es jp kr tw hk ru us ca au br in'.split(
    ' ',
  ),
);

/**
 * Markdown for a chat: without headings (`#1` is no title), tables and images, and without rules
 * that remove characters not meant as markup.
 */
export const markdown = new MarkdownIt({
  html: false,
  breaks: true,
  typographer: false,
  maxNesting: MAX_NESTING,
});
markdown.disable(['heading', 'lheading', 'hr', 'table', 'code', 'reference', 'html_block']);
markdown.disable(['image', 'html_inline', 'entity']);
markdown.use(continuation);
markdown.use(emphasis);
markdown.use(escapes);
markdown.use(lines);
markdown.use(numbers);
markdown.use(mentions);
markdown.use(links, TLDS);

/** Text that none of our rules begins in: markdown-it's own rule stops more often. */
const TEXT = /(?:[^\n\\`*_~[\]<@＠:]|:(?!\/\/))+/y;
markdown.inline.ruler.at('text', (state, silent) => {
  TEXT.lastIndex = state.pos;
  const [text = ''] = TEXT.exec(state.src) ?? [];
  const end = Math.min(state.pos + text.length, state.posMax);
  if (end === state.pos) return false;
  if (!silent) state.pending += state.src.slice(state.pos, end);
  state.pos = end;
  return true;
});

// A text makes a limited number of tokens: they are what takes the time.
markdown.block.State = class extends markdown.block.State {
  override push(...token: Parameters<InstanceType<typeof markdown.block.State>['push']>): Token {
    Bounds.of(this.env).addToken();
    return super.push(...token);
  }
};
markdown.inline.State = class extends markdown.inline.State {
  override push(...token: Parameters<InstanceType<typeof markdown.inline.State>['push']>): Token {
    Bounds.of(this.env).addToken();
    return super.push(...token);
  }
};

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
  const { content = '', info = '' } = tokens[index] ?? {};
  // If the text after the fence isn't the name of a language, it is the first line.
  const isNamed = /^\s*[\w+#.-]*\s*$/.test(info);
  const code = (isNamed ? content : `${info}\n${content}`).trimEnd();
  const language = isNamed ? info.trim() : '';
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
  const env: Env = { bounds: new Bounds() };
  const tokens = markdown.parse(text, env);
  if (tokens.some(isTooDeep) || tokens.every(({ content }) => content === '')) return undefined;
  const [first, only, last] = tokens;
  const isOne = tokens.length === 3 && first?.type === 'paragraph_open' && only && last;
  const html = renderer.render(isOne ? [only] : tokens, markdown.options, env);
  return isTooMuch(html) ? undefined : html;
}

function isTooDeep({ level, children }: Token): boolean {
  return level >= MAX_NESTING - 1 || Boolean(children?.some(isTooDeep));
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
