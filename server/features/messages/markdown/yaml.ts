import type { StreamParser, StringStream } from '@codemirror/streamparser';

/*
 * The YAML parser of @codemirror/legacy-modes looks for keys by a regular expression that takes the
 * fourth power of the length of a line of spaces. This one reads each character once or twice.
 */

interface State {
  /** The indentation of the key whose block of text continues in the lines below. */
  block: number | undefined;
  /** Whether a key came before in this line. */
  isValue: boolean;
  /** The number of open brackets. */
  depth: number;
}

/** An unquoted string: to the next `: `, ` #`, or, between brackets, the next flow punctuation. */
const PLAIN = /^(?:[^:#]|:(?=\S)|(?<=\S)#)+/;
const PLAIN_IN_BRACKETS = /^(?:[^:#,[\]{}]|:(?=[^\s,[\]{}])|(?<=\S)#)+/;
const QUOTED = /^(?:"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)/;
const IS_KEY = /^\s*:(?=\s|$)/;

function plainStyle(text: string): string | null {
  if (/^(?:true|false|yes|no|on|off|null|~)$/i.test(text)) return 'keyword';
  return /^[-+]?\.?\d[\d.,_:eExX-]*$/.test(text) ? 'number' : null;
}

function token(stream: StringStream, state: State): string | null {
  if (stream.sol()) {
    state.isValue = false;
    if (state.block !== undefined && stream.indentation() > state.block) {
      stream.skipToEnd();
      return 'string';
    }
    state.block = undefined;
    if (stream.match(/^(?:---|\.\.\.)(?=\s|$)/)) return 'def';
  }
  if (stream.eatSpace()) return null;
  const isAfterSpace = /^\s?$/.test(stream.string.charAt(stream.pos - 1));
  if (isAfterSpace && stream.peek() === '#') {
    stream.skipToEnd();
    return 'comment';
  }
  if (stream.match(QUOTED)) return stream.match(IS_KEY, false) ? 'atom' : 'string';
  if (!state.isValue && stream.match(/^[-?](?=\s|$)/)) return 'meta';
  if (stream.match(/^[[{]/)) {
    state.depth += 1;
    return 'meta';
  }
  if (state.depth > 0 && stream.match(/^[\]},]/)) {
    if (stream.current() !== ',') state.depth -= 1;
    state.isValue = false;
    return 'meta';
  }
  if (stream.match(/^:(?=\s|$|[,[\]{}])/)) {
    state.isValue = true;
    return 'meta';
  }
  if (stream.match(/^[|>][-+\d]*\s*(?=#|$)/)) {
    state.block = stream.indentation();
    return 'meta';
  }
  if (stream.match(/^[&*!][^\s,[\]{}]*/)) return 'variableName';
  if (!stream.match(state.depth > 0 ? PLAIN_IN_BRACKETS : PLAIN)) {
    stream.next();
    return null;
  }
  if (!state.isValue && stream.match(IS_KEY, false)) return 'atom';
  return plainStyle(stream.current().trim());
}

/** Highlights the keys, strings, numbers and comments of YAML. */
export const yaml: StreamParser<State> = {
  name: 'yaml',
  startState: () => ({ block: undefined, isValue: false, depth: 0 }),
  token,
};
