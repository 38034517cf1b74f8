import type { UserRef } from '../../core/actor.ts';
import type { Message } from '../../core/message.ts';
import { type Language, languages, type MessageKey, t } from '../../shared/i18n.ts';
import { template } from '../../templates.ts';
import { displayName, isolate } from '../messages/display-name.ts';

/** The public part of an action: see `told` in apply-room-actions.ts. */
interface ActionView {
  readonly act: string;
  readonly on?: boolean;
  readonly text?: string;
  readonly seconds?: number;
  readonly minutes?: number | null;
  readonly whom?: UserRef;
}

const render = template<{
  readonly id: number;
  readonly seq: number;
  readonly uid: string;
  readonly at: string;
  readonly words: readonly { readonly language: Language; readonly text: string }[];
}>('act');

/** A system message: a line about what was done to the room, in every language. */
export function systemMessageHtml({ id, seq, uid, name, body, at }: Message): string {
  const told: ActionView = JSON.parse(body);
  const words = languages.map((language) => ({
    language,
    text: t(language, wordFor(told), {
      who: displayName(language, { uid, name }),
      whom: told.whom ? displayName(language, told.whom) : '',
      text: told.text ? isolate(told.text) : '',
      seconds: told.seconds ?? 0,
      minutes: told.minutes ?? 0,
    }),
  }));
  return render({ id, seq, uid, at: new Date(at).toISOString(), words });
}

function wordFor({ act, on, text, seconds, minutes }: ActionView): MessageKey {
  if (on === false || seconds === 0) return `act-un${act}` as MessageKey;
  if (text === '') return 'act-topic-none';
  return (minutes === null ? `act-${act}-good` : `act-${act}`) as MessageKey;
}
