import type { Message } from '../../core/message.ts';
import { displayName, isolate } from '../../shared/display-name.ts';
import { type Language, t } from '../../shared/i18n.ts';
import { template } from '../../templates.ts';
import type { ActionDetails } from '../room-action.ts';
import { actionRules, type RoomAction } from '../room-actions.ts';

const render = template<{
  readonly id: number;
  readonly seq: number;
  readonly uid: string;
  readonly at: string;
  readonly text: string;
}>('system-message');

/** A system message: a line about what was done to the room, in words. */
export function systemMessageHtml(message: Message, language: Language): string {
  const { id, seq, uid, at } = message;
  const text = systemMessageText(message, language);
  return render({ id, seq, uid, at: new Date(at).toISOString(), text });
}

export function systemMessageText(
  { uid, name, body }: Pick<Message, 'uid' | 'name' | 'body'>,
  language: Language,
): string {
  const { action, ...details }: { action: RoomAction['type'] } & ActionDetails = JSON.parse(body);
  const { whom, text: written, seconds = 0, days = 0, minutes } = details;
  return t(language, actionRules(action).text(details), {
    who: displayName(language, { uid, name }),
    whom: whom ? displayName(language, whom) : '',
    text: written ? isolate(written) : '',
    seconds,
    count: days,
    minutes: minutes ?? 0,
  });
}
