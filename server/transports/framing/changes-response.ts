import { cursorAt, START } from '../../core/cursor.ts';
import { EMPTY, type Framing } from '../../core/framing.ts';
import type { Fragment, TextType } from '../../features/messages/fragment.ts';
import { html, json } from './format.ts';

/** The whole answer to a polling request. */
export interface ChangesResponse {
  /** Whether what the client had can't be continued, and this replaces it. */
  readonly isReset: boolean;
  readonly fragments: readonly Fragment[];
  /** Where to continue. */
  readonly cursor: string;
}

/** Polling is answered with a whole body; long polling as soon as there is news. */
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
      answer({ isReset: isAnew, fragments, cursor: cursorAt(fragments.at(-1) ?? START, epoch) }),
    reset: () => EMPTY,
    synced: () => EMPTY,
    ephemeral: () => EMPTY,
  };
}

/** The fragments of a stream, one after the other. */
export const changesHtml = changesFraming('html', ({ isReset, fragments, cursor }) =>
  [isReset ? html.reset() : '', ...fragments.map(html.message), html.synced(cursor)].join(''),
);

/** One JSON object. */
export const changesJson = changesFraming(
  'json',
  ({ isReset, fragments, cursor }) =>
    `{"gap":${isReset},"messages":[${fragments.map(json.message).join(',')}],"cursor":"${cursor}"}`,
);
