import type { MarkdownIt } from 'markdown-it';

/**
 * Ends a quote or list item at a line without its own marker or indentation: text below a quote is
 * an answer to it. CommonMark continues it ("lazy continuation", section 5.1).
 */
export function continuation({ block }: MarkdownIt): void {
  // In silent mode a rule returns whether it ends the block. It never starts one itself.
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
