import type { Token } from 'markdown-it';
import { parseEmote } from '../../shared/slash-command.ts';
import { fenced, parseMarkdown } from './markdown/parser.ts';

/**
 * The text of a message as it is read: without Markdown, and a line for each of the lines shown. A
 * text that is not shown as Markdown stays as it was written.
 * @param body as it was posted: the caller limits its length
 */
export function plainText(body: string): string {
  const { text } = parseEmote(body);
  try {
    return parseMarkdown(text)?.tokens.map(textOf).filter(Boolean).join('\n') ?? text;
  } catch {
    // As in body.ts: a text that the parser fails on is shown as it was written.
    return text;
  }
}

function textOf(token: Token): string {
  if (token.type === 'fence') return fenced(token).code;
  return token.children?.map(inlineText).join('') ?? '';
}

function inlineText({ type, content }: Token): string {
  if (type === 'softbreak') return '\n';
  return type === 'mention' ? `@${content}` : content;
}
