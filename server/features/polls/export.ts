import { colorOf } from '../../shared/colors.ts';
import { wrap } from '../../shared/wrap.ts';
import { template } from '../../templates.ts';
import { csv } from './csv.ts';
import { baseOf, type Poll, share, sum, visibleOptions } from './poll.ts';
import { acceptsSuggestions, POLL_KINDS } from './poll-kinds.ts';
import { ratingOf } from './rating.ts';

/** The options in their order, or suggested ones by votes. */
function inOrder(poll: Poll) {
  const answers = visibleOptions(poll);
  return acceptsSuggestions(poll.kind) ? answers.sort((a, b) => b.count - a.count) : answers;
}

/** The results of a poll as JSON, with the title of its room. */
export function pollExport(poll: Poll, room: string): string {
  const { kind, question, voters, counts } = poll;
  const options = inOrder(poll).map(({ text, count }) => ({ text, count }));
  const rating = POLL_KINDS[kind].isNumeric ? ratingOf(counts) : undefined;
  return JSON.stringify({ room, question, voters, options, ...rating });
}

/** The results of a poll as comma-separated values. */
export function pollCsv(poll: Poll): string {
  return csv([[poll.question, ''], ...inOrder(poll).map(({ text, count }) => [text, `${count}`])]);
}

/** The layout of the image, in its units: a letter is about 8 wide, one of the question 11. */
const PICTURE = { width: 720, margin: 20, left: 240, right: 120 } as const;
const LETTERS = { question: 56, option: 24 } as const;
const LINE = { question: 28, option: 20 } as const;
const BAR = { height: 28, gap: 12 } as const;

interface Line {
  readonly text: string;
  /** The vertical position. */
  readonly y: number;
}

const render = template<{
  readonly width: number;
  readonly height: number;
  readonly margin: number;
  readonly left: number;
  readonly question: readonly Line[];
  readonly total: number;
  readonly bars: readonly {
    readonly lines: readonly Line[];
    readonly count: number;
    /** Per cent of all votes, or of all voters if each may choose several. */
    readonly share: number;
    readonly colour: string;
    readonly y: number;
    readonly height: number;
    readonly width: number;
  }[];
}>('poll-svg');

/** The results of a poll as an image. */
export function pollSvg(poll: Poll): string {
  const { question, counts } = poll;
  const { margin, left, width } = PICTURE;
  const most = Math.max(1, ...counts);
  const total = sum(counts);
  const title = linesFrom(question, LETTERS.question, margin + 20, LINE.question);
  let y = margin + title.length * LINE.question + 12;
  const bars = inOrder(poll).map(({ text, count }, index) => {
    const lines = linesFrom(text, LETTERS.option, y + 20, LINE.option);
    const bar = {
      lines,
      count,
      share: share(count, baseOf(poll)),
      colour: colorOf(index),
      y,
      height: BAR.height,
      width: Math.round((count / most) * (width - left - PICTURE.right)),
    };
    y += Math.max(BAR.height, lines.length * LINE.option + 8) + BAR.gap;
    return bar;
  });
  return render({ width, height: y + 40, margin, left, question: title, total, bars });
}

/** Characters that XML can't contain, even escaped (XML 1.0, section 2.2). */
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A text in lines, the first of which is at `y`. */
function linesFrom(text: string, letters: number, y: number, height: number): readonly Line[] {
  return wrap(text.replace(NO_XML, '\ufffd'), letters).map((line, index) => ({
    text: line,
    y: y + index * height,
  }));
}
