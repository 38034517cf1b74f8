import { EMPTY, type Framing } from '../../core/framing.ts';
import type { Fragment, TextType } from '../../features/messages/fragment.ts';
import { html, json } from './format.ts';

/** All that a poll is answered with. */
export interface ChangesResponse {
  /** Whether what the client had is not the whole, and this begins anew. */
  readonly isReset: boolean;
  readonly fragments: readonly Fragment[];
  /** Where to go on from. */
  readonly cursor: string;
}

/** How a poll is answered: a whole body. What waits for news is given it as soon as there is some. */
export interface ChangesFraming extends Framing {
  answer(answer: ChangesResponse): Buffer;
}

function changesFraming(type: TextType, body: (answer: ChangesResponse) => string): ChangesFraming {
  const answer = (all: ChangesResponse) => Buffer.from(body(all));
  return {
    type,
    isAppendOnly: false,
    answer,
    messages: (fragments, epoch, isAnew) =>
      answer({ isReset: isAnew, fragments, cursor: `${epoch}.${fragments.at(-1)?.seq}` }),
    reset: () => EMPTY,
    synced: () => EMPTY,
    ephemeral: () => EMPTY,
  };
}

/** The texts of a stream, one after the other. */
export const changesHtml = changesFraming('html', ({ isReset, fragments, cursor }) =>
  [isReset ? html.reset() : '', ...fragments.map(html.message), html.synced(cursor)].join(''),
);

/** One object. */
export const changesJson = changesFraming(
  'json',
  ({ isReset, fragments, cursor }) =>
    `{"gap":${isReset},"messages":[${fragments.map(json.message).join(',')}],"cursor":"${cursor}"}`,
);
