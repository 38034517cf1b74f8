import { type Encoding, nothing } from '../../core/framing.ts';
import type { Fragment, TextType } from '../../features/messages/fragment.ts';
import { html, json } from './format.ts';

/** All that a poll is answered with. */
export interface Answer {
  /** Whether what the client had is not the whole, and this begins anew. */
  readonly isGap: boolean;
  readonly fragments: readonly Fragment[];
  /** Where to go on from. */
  readonly cursor: string;
}

/** How a poll is answered: a whole body. What waits for news is given it as soon as there is some. */
export interface AnswerEncoding extends Encoding {
  answer(answer: Answer): Buffer;
}

function answers(type: TextType, body: (answer: Answer) => string): AnswerEncoding {
  const answer = (all: Answer) => Buffer.from(body(all));
  return {
    type,
    isNewOnly: false,
    answer,
    messages: (fragments, epoch, isAnew) =>
      answer({ isGap: isAnew, fragments, cursor: `${epoch}.${fragments.at(-1)?.seq}` }),
    gap: () => nothing,
    live: () => nothing,
    beside: () => nothing,
  };
}

/** The texts of a stream, one after the other. */
export const answerHtml = answers('html', ({ isGap, fragments, cursor }) =>
  [isGap ? html.gap() : '', ...fragments.map(html.message), html.live(cursor)].join(''),
);

/** One object. */
export const answerJson = answers(
  'json',
  ({ isGap, fragments, cursor }) =>
    `{"gap":${isGap},"messages":[${fragments.map(json.message).join(',')}],"cursor":"${cursor}"}`,
);
