import type { Poll } from '../store/poll.ts';
import { template } from './templates.ts';

/** The counts of a poll as comma-separated values (RFC 4180). */
export function pollCsv({ question, options, counts }: Poll): string {
  const rows = [[question, ''], ...options.map((text, index) => [text, `${counts[index] ?? 0}`])];
  // The mark at the beginning tells spreadsheets that it is UTF-8.
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** A spreadsheet would calculate what begins like a formula: an apostrophe makes it a text. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

const BAR = { height: 28, gap: 10, left: 220, width: 400, top: 60 } as const;

const render = template<{
  readonly question: string;
  readonly height: number;
  readonly bars: readonly {
    readonly text: string;
    readonly count: number;
    readonly y: number;
    readonly width: number;
  }[];
}>('poll-svg');

/** The counts of a poll as a picture. */
export function pollSvg({ question, options, counts }: Poll): string {
  const most = Math.max(1, ...counts);
  const bars = options.map((text, index) => {
    const count = counts[index] ?? 0;
    const y = BAR.top + index * (BAR.height + BAR.gap);
    return { text, count, y, width: Math.round((count / most) * BAR.width) };
  });
  return render({ question, bars, height: BAR.top + bars.length * (BAR.height + BAR.gap) + 20 });
}
