import { cursorAt, START } from '../../core/cursor.ts';
import type { TextType } from '../../core/fragment.ts';
import { EMPTY, type Framing } from '../../core/framing.ts';
import type { ChangesResponse } from '../../core/room-history.ts';
import { html, json } from './format.ts';

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
    `{"reset":${isReset},"messages":[${fragments.map(json.message).join(',')}],"cursor":"${cursor}"}`,
);
