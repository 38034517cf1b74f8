import type { MarkdownIt } from 'markdown-it';

/**
 * Ends a quote or an item of a list with the line that has no mark or indent of its own: what is written
 * below a quote is an answer to it. CommonMark goes on with it ("lazy continuation", section 5.1).
 */
export function continuation({ block }: MarkdownIt): void {
  // Asked silently, a rule says whether it ends what its chain is for. It begins nothing itself.
  block.ruler.after('blockquote', 'answer', (_state, _line, _end, isSilent) => isSilent, {
    alt: ['blockquote'],
  });
  block.ruler.after(
    'list',
    'dedent',
    ({ sCount, blkIndent }, line, _end, isSilent) => isSilent && (sCount[line] ?? 0) < blkIndent,
    { alt: ['paragraph'] },
  );
}
