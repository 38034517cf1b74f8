import { timeText } from '../lib/clock.ts';
import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { WriteAccess, type WriteDenial } from './write-access.ts';

/** Replaces the message field, which keeps its text, by the reason why the user may not write. */
export function createWriteAccess(): WriteAccess {
  const composer = byId('composer');
  const note = byId('write-denial');
  const { code, until } = note.dataset;
  const isModerator = document.body.classList.contains('can-moderate');
  let shown: string | undefined;

  function show(denial: WriteDenial | undefined): void {
    const text = denial && textOf(denial);
    if (text === shown) return;
    shown = text;
    const active = document.activeElement;
    const hasFocus = active === note || (active !== null && composer.contains(active));
    note.textContent = text ?? '';
    note.hidden = text === undefined;
    composer.classList.toggle('read-only', text !== undefined);
    if (hasFocus) (text === undefined ? byId('message') : note).focus();
  }

  return new WriteAccess({ denial: initialDenial(code, until), canModerate: isModerator }, show);
}

function initialDenial(code: string | undefined, until: string | undefined) {
  if (code === undefined) return undefined;
  if (code === 'locked') return { code } as const;
  return { code: 'muted', until: until === undefined ? null : Date.parse(until) } as const;
}

function textOf(denial: WriteDenial): string {
  if (denial.code === 'locked') return t('locked');
  if (denial.until === null) return t('muted-permanently');
  return t('muted-until', { time: timeText(new Date(denial.until), new Date()) });
}
