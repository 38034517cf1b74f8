import { isGrowing, type Poll } from '../store/poll.ts';
import { ratingOf } from '../store/rating.ts';
import { template } from './templates.ts';

/** The answers there are, with their counts: as they were asked, or what most chose first. */
function answersOf({ kind, options, counts, states }: Poll) {
  const answers = options
    .map((text, index) => ({ text, count: counts[index] ?? 0, state: states[index] ?? 'open' }))
    .filter(({ state }) => state !== 'dropped');
  return isGrowing(kind) ? answers.sort((a, b) => b.count - a.count) : answers;
}

/** The counts of a poll as JSON. */
export function pollExport(poll: Poll): string {
  const { kind, question, voters, counts } = poll;
  const options = answersOf(poll).map(({ text, count }) => ({ text, count }));
  const rating = kind === 'rating' ? ratingOf(counts) : undefined;
  return JSON.stringify({ question, voters, options, ...rating });
}

/** The counts of a poll as comma-separated values (RFC 4180). */
export function pollCsv(poll: Poll): string {
  const rows = [
    [poll.question, ''],
    ...answersOf(poll).map(({ text, count }) => [text, `${count}`]),
  ];
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
export function pollSvg(poll: Poll): string {
  const { question, counts } = poll;
  const most = Math.max(1, ...counts);
  const bars = answersOf(poll).map(({ text, count }, index) => {
    const y = BAR.top + index * (BAR.height + BAR.gap);
    return { text, count, y, width: Math.round((count / most) * BAR.width) };
  });
  return render({ question, bars, height: BAR.top + bars.length * (BAR.height + BAR.gap) + 20 });
}
