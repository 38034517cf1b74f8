import { notice } from '../../lib/dom.ts';
import { t } from '../../lib/messages.ts';

/** Says what is wrong with a poll that was typed, and links to the form, filled in with it. */
export function pollFormNotice(why: string, form: string): HTMLElement {
  const link = document.createElement('a');
  link.className = 'button quiet new-poll';
  link.href = form;
  link.textContent = t('open-poll-form');
  const text = notice(why);
  text.append(' ', link);
  return text;
}
