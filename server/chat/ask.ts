import { z } from 'zod';
import { Refusal } from '../errors.ts';
import type { PollSpec } from '../event.ts';
import { readSlash } from '../slash.ts';
import { count, flag, minutes } from './fields.ts';

const MINUTE_MS = 60_000;

const question = z
  .string()
  .transform((text) => text.normalize('NFC').trim())
  .pipe(z.string().min(1).max(300));

/** A list, or the lines of a form's field. */
const options = z
  .union([z.array(z.string()), z.string().transform((lines) => lines.split('\n'))])
  .transform((texts) => texts.map((text) => text.normalize('NFC').trim()).filter(Boolean))
  .refine((texts) => new Set(texts).size === texts.length)
  .pipe(z.array(z.string().max(100)).min(2).max(20));

/** A poll as a client asks for it. */
export const ask = z.object({
  do: z.literal('ask'),
  question,
  options,
  most: count(20).pipe(z.number().min(1)).default(1),
  shows: z.enum(['always', 'voted', 'closed']).default('always'),
  /** A vote cannot be changed. */
  fixed: flag.default(false),
  /** Everybody is told who voted for what. */
  named: flag.default(false),
  applause: flag.default(false),
  minutes,
});

export type Ask = z.infer<typeof ask>;

export function pollSpec(asked: Ask, now: number): PollSpec {
  const { question, options, most, shows, fixed, named, applause, minutes } = asked;
  return {
    question,
    options,
    most: applause ? 1 : Math.min(most, options.length),
    mayChange: !fixed,
    shows,
    isAnonymous: !named,
    isApplause: applause,
    closesAt: minutes === null ? null : now + minutes * MINUTE_MS,
  };
}

/** `/poll "Question" one | two | three`, with the quotes of any keyboard. */
const SLASH = /^\/poll\s+["“”„«]([^"“”»]+)["“”»]\s*(.+)$/isu;

/**
 * A poll that is asked for in the text of a message.
 * @returns `undefined` where the text is a message
 * @throws Refusal where it begins as a poll and is none
 */
export function readAsk(body: string): Ask | undefined {
  if (readSlash(body)?.command !== 'poll') return undefined;
  const [, question, options = ''] = SLASH.exec(body) ?? [];
  const asked = ask.safeParse({ do: 'ask', question, options: options.split('|') });
  if (asked.success) return asked.data;
  const [field] = asked.error.issues[0]?.path ?? [];
  throw new Refusal(field === 'question' ? 'bad-question' : 'bad-options');
}
