import MarkdownIt, { type Env, type Token } from 'markdown-it';
import { pieces } from './code.ts';
import { mentions } from './mention.ts';

/** Quotes and lists in one another; what lies deeper would be left out by the parser. */
const MAX_NESTING = 20;
/** More than these pieces of code are not told apart in one message. */
const MAX_PIECES = 1_000;
/** What would come to more than this is shown as it was written: as plain text, it is less. */
const MAX_HTML = 32 * 1024;

/**
 * What is a link without `http://` before it: names of hosts that end like this. No others, for
 * `README.md` and `main.rs` are files.
 */
const TLDS =
  'com org net edu gov info io dev app ai cn de eu uk fr at ch nl it es jp kr tw hk ru us ca au br in';

/** Markdown as people use it in chats: without headings (`#1` is no title), tables and pictures. */
export const markdown = new MarkdownIt({
  html: false,
  breaks: true,
  linkify: true,
  typographer: false,
  maxNesting: MAX_NESTING,
});
markdown.disable(['heading', 'lheading', 'hr', 'table', 'code', 'reference', 'html_block']);
markdown.disable(['image', 'html_inline', 'entity']);
markdown.use(mentions);
markdown.linkify
  .add('ftp:')
  .add('//')
  .set({ fuzzyLink: true, tlds: TLDS.split(' ') });
markdown.validateLink = (url) => /^(?:https?:\/\/|mailto:)/i.test(url);

const { renderer, utils } = markdown;
const { escapeHtml } = utils;

renderer.rules.softbreak = () => '<br>';
renderer.rules.hardbreak = () => '<br>';
renderer.rules.link_open = (tokens, index) => {
  const href = escapeHtml(String(tokens[index]?.attrGet('href')));
  return `<a href="${href}" rel="noopener noreferrer nofollow" target="_blank">`;
};
renderer.rules.fence = (tokens, index, _options, env = {}) => {
  const { content = '', info = '' } = tokens[index] ?? {};
  const [language = ''] = info.trim().split(/\s/, 1);
  // What is too wide is scrolled in itself: by the keyboard, too.
  return `<pre dir="ltr" tabindex="0"><code>${codeHtml(content.trimEnd(), language, env)}</code></pre>`;
};
// No white space between the tags: the page shows the white space of a message as it is.
renderer.renderToken = (tokens, index) => {
  const { hidden, nesting, tag, block, level, attrs } = tokens[index] as Token;
  if (hidden) return '';
  if (nesting < 0) return `</${tag}>`;
  // Every paragraph has the direction of its own text.
  const own = block && level === 0 ? [...(attrs ?? []), ['dir', 'auto']] : (attrs ?? []);
  return `<${tag}${own.map(([name, value]) => ` ${name}="${escapeHtml(String(value))}"`).join('')}>`;
};

function codeHtml(code: string, language: string, env: Env): string {
  return pieces(code, language)
    .map(({ text, kind }) => {
      const html = escapeHtml(text);
      if (kind === undefined) return html;
      const count = Number(env.pieces ?? 0) + 1;
      env.pieces = count;
      return count > MAX_PIECES ? html : `<span class="${kind}">${html}</span>`;
    })
    .join('');
}

/** A text as markup; nothing where it cannot be shown as Markdown without loss. */
export function markdownHtml(text: string): string | undefined {
  const env: Env = {};
  const tokens = markdown.parse(text, env);
  const isTooDeep = tokens.some(({ level }) => level >= MAX_NESTING - 1);
  const isEmpty = tokens.every(({ content }) => content === '');
  if (isTooDeep || isEmpty) return undefined;
  const [first, only, last] = tokens;
  const isOne = tokens.length === 3 && first?.type === 'paragraph_open' && only && last;
  const html = renderer.render(isOne ? [only] : tokens, markdown.options, env);
  return html.length > MAX_HTML ? undefined : html;
}

/** A text as it is. */
export function plainHtml(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>');
}
