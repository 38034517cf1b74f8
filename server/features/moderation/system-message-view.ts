import type { PollCreators } from '../../auth/room-settings.ts';
import type { UserRef } from '../../core/actor.ts';
import type { Message } from '../../core/message.ts';
import { type Language, type MessageKey, t } from '../../shared/i18n.ts';
import { template } from '../../templates.ts';
import { displayName, isolate } from '../messages/display-name.ts';

/** The public part of an action: see `publicView` in apply-room-actions.ts. */
interface ActionView {
  readonly action: string;
  readonly enabled?: boolean;
  readonly text?: string;
  readonly seconds?: number;
  readonly creators?: PollCreators;
  readonly minutes?: number | null;
  readonly whom?: UserRef;
}

const render = template<{
  readonly id: number;
  readonly seq: number;
  readonly uid: string;
  readonly at: string;
  readonly text: string;
}>('system-message');

/** A system message: a line about what was done to the room, in words. */
export function systemMessageHtml(
  { id, seq, uid, name, body, at }: Message,
  language: Language,
): string {
  const view: ActionView = JSON.parse(body);
  const text = t(language, messageKeyFor(view), {
    who: displayName(language, { uid, name }),
    whom: view.whom ? displayName(language, view.whom) : '',
    text: view.text ? isolate(view.text) : '',
    seconds: view.seconds ?? 0,
    minutes: view.minutes ?? 0,
  });
  return render({ id, seq, uid, at: new Date(at).toISOString(), text });
}

/** The key of its text: the action's name, and which of its texts. */
function messageKeyFor(view: ActionView): MessageKey {
  const { action, enabled, text, seconds, minutes, creators } = view;
  if (creators !== undefined) return `polls-by-${creators}`;
  if (enabled === false || seconds === 0) return `${action}-off` as MessageKey;
  if (text === '') return 'topic-removed';
  return (minutes === null ? `${action}-permanently` : action) as MessageKey;
}
