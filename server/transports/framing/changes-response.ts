import { cursorAt, START } from '../../core/cursor.ts';
import type { TextType } from '../../core/fragment.ts';
import { EMPTY, type Framing } from '../../core/framing.ts';
import type { ChangesResponse } from '../../core/room-history.ts';
import { oncePer } from '../../shared/once-per.ts';
import { type Format, formatOf } from './format.ts';

/** Polling is answered with a whole body; long polling as soon as there is news. */
export interface ChangesFraming extends Framing {
  answer(answer: ChangesResponse): Buffer;
}

export const changesFraming = oncePer((type: TextType): ChangesFraming => {
  const format = formatOf(type);
  const answer = (all: ChangesResponse) =>
    Buffer.from((type === 'json' ? toJson : toHtml)(format, all));
  return {
    type,
    isAppendOnly: false,
    answer,
    messages: (fragments, epoch, isReset) =>
      answer({ isReset, fragments, cursor: cursorAt(fragments.at(-1) ?? START, epoch) }),
    reset: () => EMPTY,
    synced: () => EMPTY,
    ephemeral: () => EMPTY,
  };
});

/** The fragments of a stream, one after the other. */
function toHtml(format: Format, { isReset, fragments, cursor }: ChangesResponse): string {
  const reset = isReset ? format.reset() : '';
  return [reset, ...fragments.map(format.message), format.synced(cursor)].join('');
}

/** One JSON object. */
function toJson(format: Format, { isReset, fragments, cursor }: ChangesResponse): string {
  const messages = fragments.map(format.message).join(',');
  return `{"reset":${isReset},"messages":[${messages}],"cursor":"${cursor}"}`;
}
