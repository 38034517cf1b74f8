import MarkdownIt, { type Env, type Token } from 'markdown-it';
import { Bounds } from './bounds.ts';
import { continuation } from './continuation.ts';
import { emphasis } from './emphasis.ts';
import { escapes } from './escapes.ts';
import { lines } from './lines.ts';
import { links } from './links.ts';
import { mentions } from './mention.ts';
import { numbers } from './numbers.ts';

/** The maximum nesting of quotes and lists, and of emphasis. */
const MAX_NESTING = 20;

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

/** What a text consists of, and the work done to render it so far. */
interface Parsed {
  readonly tokens: readonly Token[];
  readonly env: Env;
}

/**
 * Parses a text as Markdown; `undefined` if that would lose something.
 * @throws RangeError if it makes too many tokens
 */
export function parseMarkdown(text: string): Parsed | undefined {
  const env: Env = { bounds: new Bounds() };
  const tokens = markdown.parse(text, env);
  if (tokens.some(isTooDeep) || tokens.every(({ content }) => content === '')) return undefined;
  return { tokens, env };
}

/** Code between fences. If the text after the first isn't the name of a language, it is a line of it. */
export function fenced({ content, info }: Token): {
  readonly code: string;
  readonly language: string;
} {
  const isNamed = /^\s*[\w+#.-]*\s*$/.test(info);
  const code = (isNamed ? content : `${info}\n${content}`).trimEnd();
  return { code, language: isNamed ? info.trim() : '' };
}

function isTooDeep({ level, children }: Token): boolean {
  return level >= MAX_NESTING - 1 || Boolean(children?.some(isTooDeep));
}
