import { c, cpp, csharp, dart, java, kotlin, scala } from '@codemirror/legacy-modes/mode/clike';
import { css } from '@codemirror/legacy-modes/mode/css';
import { diff } from '@codemirror/legacy-modes/mode/diff';
import { dockerFile } from '@codemirror/legacy-modes/mode/dockerfile';
import { go } from '@codemirror/legacy-modes/mode/go';
import { javascript, json, typescript } from '@codemirror/legacy-modes/mode/javascript';
import { lua } from '@codemirror/legacy-modes/mode/lua';
import { properties } from '@codemirror/legacy-modes/mode/properties';
import { python } from '@codemirror/legacy-modes/mode/python';
import { ruby } from '@codemirror/legacy-modes/mode/ruby';
import { rust } from '@codemirror/legacy-modes/mode/rust';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { standardSQL } from '@codemirror/legacy-modes/mode/sql';
import { swift } from '@codemirror/legacy-modes/mode/swift';
import { toml } from '@codemirror/legacy-modes/mode/toml';
import { html, xml } from '@codemirror/legacy-modes/mode/xml';
import { type StreamParser, StringStream } from '@codemirror/streamparser';
import { Effort } from './effort.ts';
import { yaml } from './yaml.ts';

/** The languages, by their common names. */
const PARSERS: readonly (readonly [string, StreamParser<unknown>])[] = [
  ['bash sh shell zsh console', shell],
  ['c h', c],
  ['cpp c++ hpp', cpp],
  ['csharp c# cs', csharp],
  ['css scss less', css],
  ['dart', dart],
  ['diff patch', diff],
  ['docker dockerfile', dockerFile],
  ['go golang', go],
  ['html svg', html],
  ['ini properties', properties],
  ['java', java],
  ['javascript js jsx mjs cjs', javascript],
  ['json json5 jsonc', json],
  ['kotlin kt', kotlin],
  ['lua', lua],
  ['python py', python],
  ['ruby rb', ruby],
  ['rust rs', rust],
  ['scala', scala],
  ['sql', standardSQL],
  ['swift', swift],
  ['toml', toml],
  ['typescript ts tsx', typescript],
  ['xml', xml],
  ['yaml yml', yaml],
];
/** One name of each language. */
export const languages: readonly string[] = PARSERS.flatMap(([names]) => names.split(' ', 1));
const PARSER_OF: ReadonlyMap<string, StreamParser<unknown>> = new Map(
  PARSERS.flatMap(([names, parser]) => names.split(' ').map((name) => [name, parser] as const)),
);

/** The class in code.css for a token, by the style that its parser gives it. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^comment|^quote/, 'c'],
  [/^string|^regexp|^character|^url/, 's'],
  [/^number|^atom|^bool|^null|^unit|^color/, 'n'],
  [/^keyword|^controlKeyword|^operatorKeyword|^modifier/, 'k'],
  [/definition|standard|^builtin|^def\b|^tag|^type|^className|^heading|^header|^qualifier/, 'd'],
  [/^attribute|^property|^meta|^annotation|^labelName|special/, 'm'],
  [/^inserted|^positive/, 'i'],
  [/^deleted|^negative/, 'x'],
];

/** Parsers look back and ahead within a line only: a longer line isn't highlighted. */
const MAX_LINE = 240;
/** A parser that doesn't advance this often is stuck. */
const MAX_STANDING = 10;
/** Maximum nesting of brackets: parsers go through all that are open, again and again. */
const MAX_OPEN = 200;
const INDENT = 2;
/** Line terminators of regular expressions: a parser may never get past one within its line. */
const LINE_ENDS = /[\r\u2028\u2029]/g;

/** A piece of code, and its kind if it is highlighted. */
export interface Token {
  readonly text: string;
  readonly kind: string | undefined;
}

/** A line of code that counts calls. Parsers need them for anything, even an endless loop. */
class CountedStream extends StringStream {
  readonly #effort: Effort;

  constructor(line: string, effort: Effort) {
    super(line, INDENT, INDENT);
    this.#effort = effort;
  }

  override eol(): boolean {
    this.#effort.spend();
    return super.eol();
  }

  override peek(): ReturnType<StringStream['peek']> {
    this.#effort.spend();
    return super.peek();
  }

  override next(): ReturnType<StringStream['next']> {
    this.#effort.spend();
    return super.next();
  }

  override eat(wanted: Parameters<StringStream['eat']>[0]): ReturnType<StringStream['eat']> {
    this.#effort.spend();
    return super.eat(wanted);
  }

  override match(...wanted: Parameters<StringStream['match']>): ReturnType<StringStream['match']> {
    this.#effort.spend();
    return super.match(...wanted);
  }
}

/**
 * Splits code into tokens, line by line, without backtracking. If a parser fails, or `effort` is
 * spent, the rest has no kind.
 * @param language as written in the message; if it is unknown, all is one token
 */
export function highlight(code: string, language: string, effort = new Effort()): readonly Token[] {
  const parser = PARSER_OF.get(language.toLowerCase());
  const found: Token[] = [];
  let length = 0;
  const add = ({ text, kind }: Token) => {
    length += text.length;
    const last = found.at(-1);
    if (last && last.kind === kind) found[found.length - 1] = { text: last.text + text, kind };
    else found.push({ text, kind });
  };
  try {
    for (const piece of parser ? parsed(code, parser, effort) : []) add(piece);
  } catch {
    // Tokens read before are kept.
  }
  if (length < code.length) add(plain(code.slice(length)));
  return found;
}

function* parsed(code: string, parser: StreamParser<unknown>, effort: Effort): Generator<Token> {
  const state = parser.startState?.(INDENT) ?? {};
  let open = 0;
  for (const [index, line] of code.split('\n').entries()) {
    if (index > 0) yield plain('\n');
    if (line === '') parser.blankLine?.(state, INDENT);
    if (line.length > MAX_LINE) {
      yield plain(line);
      continue;
    }
    for (const piece of tokens(line, parser, state, effort)) {
      open = Math.max(0, open + bracketOf(piece));
      if (open > MAX_OPEN) throw new RangeError('This code opens too many brackets');
      yield piece;
    }
  }
}

function plain(text: string): Token {
  return { text, kind: undefined };
}

/** 1 for an opening bracket, -1 for a closing one, 0 for anything else. */
function bracketOf({ text, kind }: Token): number {
  if (text.length !== 1 || kind !== undefined) return 0;
  return Number('([{'.includes(text)) - Number(')]}'.includes(text));
}

function* tokens(
  line: string,
  parser: StreamParser<unknown>,
  state: unknown,
  effort: Effort,
): Generator<Token> {
  const stream = new CountedStream(line.replace(LINE_ENDS, ' '), effort);
  let standing = 0;
  while (!stream.eol()) {
    stream.start = stream.pos;
    const style = parser.token(stream, state);
    standing = stream.pos > stream.start ? 0 : standing + 1;
    if (standing > MAX_STANDING) stream.next();
    const text = line.slice(stream.start, stream.pos);
    if (text !== '') yield { text, kind: style ? kindOf(style) : undefined };
  }
}

const kinds = new Map<string, string | undefined>();

/** Parsers have a few dozen styles: each is looked up once. */
function kindOf(style: string): string | undefined {
  if (!kinds.has(style)) kinds.set(style, KINDS.find(([name]) => name.test(style))?.[1]);
  return kinds.get(style);
}
