import { cursorAt, START } from '../../core/cursor.ts';
import type { TextType } from '../../core/fragment.ts';
import { EMPTY, type Framing } from '../../core/framing.ts';
import type { ChangesResponse } from '../../core/room-history.ts';
import { oncePer } from '../../shared/once-per.ts';
import { type Format, formatOf } from './format.ts';

/** Polling is answered with a whole body; long polling as soon as there is news. */
export interface ChangesFraming extends Framing {
  /** @param reactions live reactions, as a text, if there are some */
  answer(answer: ChangesResponse, reactions?: string): Buffer;
}

export const changesFraming = oncePer((type: TextType): ChangesFraming => {
  const format = formatOf(type);
  const answer = (all: ChangesResponse, reactions = '') =>
    Buffer.from((type === 'json' ? toJson : toHtml)(format, all, reactions));
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
function toHtml(
  format: Format,
  { isReset, fragments, cursor }: ChangesResponse,
  reactions: string,
): string {
  const reset = isReset ? format.reset() : '';
  return [reset, ...fragments.map(format.message), reactions, format.synced(cursor)].join('');
}

/** One JSON object. */
function toJson(
  format: Format,
  { isReset, fragments, cursor }: ChangesResponse,
  reactions: string,
): string {
  const messages = fragments.map(format.message).join(',');
  const more = reactions === '' ? '' : `,"reactions":${reactions}`;
  return `{"reset":${isReset},"messages":[${messages}]${more},"cursor":"${cursor}"}`;
}
