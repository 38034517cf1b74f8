import type { MarkdownIt, ParserBlock, StateBlock } from 'markdown-it';

type BlockRule = ParserBlock['ruler']['__rules__'][number];

/** What begins like a quote or code but isn't in a chat: `>5`, `>_<`, `~~~`. */
const NO_BLOCK = /~|>+[^\s>\p{L}]/uy;

/** Keeps the lines of a text as they were written, with their indentation. */
export function lines({ inline, block }: MarkdownIt): void {
  inline.ruler.at('newline', (state, silent) => {
    if (state.src[state.pos] !== '\n') return false;
    if (!silent) state.push('softbreak', 'br', 0);
    state.pos += 1;
    return true;
  });
  change('paragraph', ({ fn }) => (state, start, end, silent) => {
    if (!fn(state, start, end, silent)) return false;
    const content = state.getLines(start, state.line, state.blkIndent, false).trimEnd();
    Object.assign(state.tokens.at(-2) ?? {}, { content });
    return true;
  });
  for (const name of ['blockquote', 'fence']) {
    change(name, ({ fn }) => (state, start, end, silent) => {
      return !isNoBlock(state, start) && fn(state, start, end, silent);
    });
  }

  function change(name: string, by: (rule: BlockRule) => BlockRule['fn']): void {
    const rule = block.ruler.__rules__.find((one) => one.name === name);
    if (rule) block.ruler.at(name, by({ ...rule }), { alt: [...rule.alt] });
  }
}

function isNoBlock({ src, bMarks, tShift }: StateBlock, line: number): boolean {
  NO_BLOCK.lastIndex = (bMarks[line] ?? 0) + (tShift[line] ?? 0);
  return NO_BLOCK.test(src);
}
