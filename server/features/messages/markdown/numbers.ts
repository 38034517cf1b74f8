import type { MarkdownIt, StateCore, Token } from 'markdown-it';

/**
 * Shows the numbers of lists as they were written: `1. 2. 4.`, `3. 1.`, `5)`. A single number is no
 * list: it is a year, part of a date, or a rank. Neither is a single line with a dash, outside of
 * lists: it is a negative number, a signature, or speech.
 */
export function numbers(md: MarkdownIt): void {
  md.core.ruler.after('block', 'numbers', (state) => {
    const single = singleLists(state.tokens);
    if (single.size > 0) state.tokens = withoutLists(state, single);
    /** By the level of the items. */
    const next = new Map<number, number>();
    for (const token of state.tokens) {
      const { type, level, info } = token;
      if (type === 'ordered_list_open') next.set(level + 1, Number(token.attrGet('start') ?? 1));
      if (type !== 'list_item_open' || info === '') continue;
      // The page shows this text; without styles, a browser shows the value.
      token.attrSet('data-number', numberOf(token));
      if (Number(info) !== next.get(level)) token.attrSet('value', `${Number(info)}`);
      next.set(level, Number(info) + 1);
    }
  });
}

function numberOf({ info, markup }: Token): string {
  return `${info}${markup}`;
}

/** The tokens that open and close lists of one item, and the items. */
function singleLists(tokens: readonly Token[]): ReadonlySet<Token> {
  const single = new Set<Token>();
  /** The open lists, with the tokens of their items. */
  const open: Token[][] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type.endsWith('_list_open')) open.push([token]);
    else if (token.type.startsWith('list_item_')) open.at(-1)?.push(token);
    else if (token.type.endsWith('_list_close')) {
      const list = [...(open.pop() ?? []), token];
      if (list.length > 4) continue;
      const isBullet = token.type === 'bullet_list_close';
      if (isBullet && (open.length > 0 || !isOneLine(tokens, index))) continue;
      for (const one of list) single.add(one);
    }
  }
  return single;
}

/** Whether a list that closes at an index has one item, of one line. */
function isOneLine(tokens: readonly Token[], index: number): boolean {
  // The list, the item, and the paragraph are opened; its text; and they are closed.
  const [list, , , text] = tokens.slice(Math.max(0, index - 6), index);
  return (
    list?.type === 'bullet_list_open' && text?.type === 'inline' && !text.content.includes('\n')
  );
}

/** The tokens without some lists: their numbers become text before what they numbered. */
function withoutLists({ tokens, Token }: StateCore, single: ReadonlySet<Token>): Token[] {
  const made: Token[] = [];
  /** How many lists and items are removed around a token. */
  let depth = 0;
  /** The numbers before what comes next, and their line. */
  let number = '';
  let line = 0;

  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as Token;
    const isLeftOut = single.has(token);
    if (isLeftOut && token.nesting > 0) {
      if (token.type === 'list_item_open') {
        if (number === '') line = token.map?.[0] ?? 0;
        number += `${numberOf(token)} `;
      }
      depth += 1;
      continue;
    }
    const inline = token.type === 'paragraph_open' ? tokens[at + 1] : undefined;
    if (number !== '') {
      const text = (number + (inline?.content ?? '')).trimEnd();
      addParagraph(text, token.level + Number(isLeftOut) - depth, inline?.map?.[1] ?? line + 1);
      number = '';
      if (inline) {
        at += 2;
        continue;
      }
    }
    if (isLeftOut) {
      depth -= 1;
      continue;
    }
    // A line below a number that became text is below text.
    const [start, end] = inline?.map ?? [];
    if (end !== undefined && made.at(-1)?.type === 'paragraph_close') {
      line = start ?? 0;
      addParagraph(inline?.content ?? '', token.level - depth, end);
      at += 2;
      continue;
    }
    token.level -= depth;
    made.push(token);
  }
  return made;

  /** Adds a paragraph, or continues the one in the line before. */
  function addParagraph(content: string, level: number, end: number): void {
    const last = made.at(-1);
    const before = last?.type === 'paragraph_close' && last.level === level ? made.at(-2) : null;
    if (before?.map?.[1] === line) {
      before.content += `\n${content}`;
      before.map = [before.map[0], end];
      return;
    }
    const add = (type: string, tag: string, nesting: -1 | 0 | 1) => {
      const token = new Token(type, tag, nesting);
      made.push(Object.assign(token, { block: true, level: level + Number(nesting === 0) }));
      return token;
    };
    add('paragraph_open', 'p', 1);
    Object.assign(add('inline', '', 0), { content, map: [line, end], children: [] });
    add('paragraph_close', 'p', -1);
  }
}
