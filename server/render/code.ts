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
import { yaml } from '@codemirror/legacy-modes/mode/yaml';
import { type StreamParser, StringStream } from '@codemirror/streamparser';

/** The languages, by the names people give them. */
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
const LANGUAGES: ReadonlyMap<string, StreamParser<unknown>> = new Map(
  PARSERS.flatMap(([names, parser]) => names.split(' ').map((name) => [name, parser] as const)),
);

/** What a token is, by how its parser calls it, as the class of code.css. */
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

/** A parser looks back and ahead in its line, but not beyond: a longer one is left as it is. */
const MAX_LINE = 240;
/** A parser that stands still so often is stuck. */
const MAX_STANDING = 10;
const INDENT = 2;

/** A piece of code, and what it is, if that is told from the rest. */
export interface Piece {
  readonly text: string;
  readonly kind?: string | undefined;
}

/**
 * Cuts code into pieces of one kind each. It reads line by line and never goes back, so that hostile
 * code takes about as long as any other.
 * @param language as its writer calls it; of an unknown one, all is one piece
 */
export function pieces(code: string, language: string): readonly Piece[] {
  const parser = LANGUAGES.get(language.toLowerCase());
  if (!parser) return [{ text: code }];
  const state = parser.startState?.(INDENT) ?? {};
  return code.split('\n').flatMap((line, index) => {
    const start = index === 0 ? [] : [{ text: '\n' }];
    if (line === '') parser.blankLine?.(state, INDENT);
    if (line.length > MAX_LINE) return [...start, { text: line }];
    return [...start, ...tokens(new StringStream(line, INDENT, INDENT), parser, state)];
  });
}

function tokens(stream: StringStream, parser: StreamParser<unknown>, state: unknown): Piece[] {
  const found: Piece[] = [];
  let standing = 0;
  while (!stream.eol()) {
    stream.start = stream.pos;
    const style = parser.token(stream, state);
    standing = stream.pos > stream.start ? 0 : standing + 1;
    if (standing > MAX_STANDING) stream.next();
    const text = stream.current();
    if (text !== '') found.push({ text, kind: style ? kindOf(style) : undefined });
  }
  return found;
}

const kinds = new Map<string, string | undefined>();

/** Parsers have some dozens of styles: each is looked up once. */
function kindOf(style: string): string | undefined {
  if (!kinds.has(style)) kinds.set(style, KINDS.find(([name]) => name.test(style))?.[1]);
  return kinds.get(style);
}
