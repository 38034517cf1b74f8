import { parseSlashCommand } from '../../shared/slash-command.ts';
import type { PollKind } from './events.ts';
import { hasGivenOptions, kindOfCommand } from './poll-kinds.ts';
import { readTypedPoll } from './typed-poll.ts';

/** What the form for a new poll is filled in with. */
interface PollDraft {
  readonly kind: PollKind;
  readonly question: string;
  readonly options: readonly string[];
}

/** UTF-16 units of a text that is read. */
const MAX_LENGTH = 1_000;
const MAX_OPTIONS = 20;

/** The end of a question without quotes. */
const QUESTION_MARK = /[?？؟]/;
/** Separators of options, the clearest first. */
const SEPARATORS = [/[|｜￨│∣¦\n]/, /[,，、;；]/, /\s+/] as const;

/**
 * Guesses the poll that a text was meant to create: a slash command of a poll, valid or not.
 * @returns `undefined` if the text is something else
 */
export function readPollDraft(text: string): PollDraft | undefined {
  const { command = '', rest = '' } = parseSlashCommand(text.slice(0, MAX_LENGTH).trim()) ?? {};
  const kind = kindOfCommand(command);
  if (kind === undefined) return undefined;
  const { question, options } = readTypedPoll(rest) ?? guess(rest, hasGivenOptions(kind));
  const texts = hasGivenOptions(kind) ? options : [];
  return {
    kind,
    question: withoutQuotes(question).slice(0, 300),
    options: texts.map((option) => option.trim().slice(0, 100)).slice(0, MAX_OPTIONS),
  };
}

function guess(text: string, hasOptions: boolean): Omit<PollDraft, 'kind'> {
  if (!hasOptions) return { question: text, options: [] };
  const mark = text.search(QUESTION_MARK);
  if (mark >= 0) {
    return { question: text.slice(0, mark + 1), options: split(text.slice(mark + 1)) };
  }
  // Without a question mark, only a clear separator tells options from the question.
  const [question = '', ...options] = text.split(SEPARATORS[0]);
  return { question, options };
}

function split(text: string): readonly string[] {
  const options = withoutQuotes(text);
  const separator = SEPARATORS.find((pattern) => pattern.test(options));
  if (separator === undefined) return options === '' ? [] : [options];
  return options.split(separator).filter((option) => option.trim() !== '');
}

/** Without a quotation mark that was not closed, or not opened. */
function withoutQuotes(text: string): string {
  return text.replace(/^[\s"“”„«「『《＂]+|[\s"“”»」』》＂]+$/gu, '');
}
