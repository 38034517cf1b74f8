import { timeText } from '../lib/clock.ts';
import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { WriteAccess, type WriteDenial } from './write-access.ts';

/** Whether the user may write: they post, edit, reply and react. */
export function mayWrite(): boolean {
  return document.body.dataset.writeDenial === undefined;
}

/** Whether the user may vote: a lock, and what guests may not write, is about messages alone. */
export function mayVote(): boolean {
  const { writeDenial } = document.body.dataset;
  return writeDenial !== 'muted' && writeDenial !== 'name-required';
}

/**
 * Replaces the message field, which keeps its text, by the reason why the user may not write.
 * @param onChange what the user may do has changed
 */
export function createWriteAccess(onChange: () => void): WriteAccess {
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
    if (denial?.code === 'name-required' || denial?.code === 'guests-read-only')
      note.append(' ', signInLink());
    note.hidden = text === undefined;
    composer.classList.toggle('read-only', text !== undefined);
    if (denial) document.body.dataset.writeDenial = denial.code;
    else delete document.body.dataset.writeDenial;
    onChange();
    if (hasFocus) (text === undefined ? byId('message') : note).focus();
  }

  return new WriteAccess({ denial: initialDenial(code, until), canModerate: isModerator }, show);
}

function initialDenial(code: string | undefined, until: string | undefined) {
  if (code === undefined) return undefined;
  if (code === 'locked' || code === 'name-required' || code === 'guests-read-only')
    return { code } as const;
  return { code: 'muted', until: until === undefined ? null : Date.parse(until) } as const;
}

/** Leads back to this page. */
function signInLink(): HTMLAnchorElement {
  const link = document.createElement('a');
  const next = location.pathname + location.search;
  link.href = `/sign-in?${new URLSearchParams({ next })}`;
  link.textContent = t('sign-in');
  return link;
}

function textOf(denial: WriteDenial): string {
  if (denial.code !== 'muted') return t(denial.code);
  if (denial.until === null) return t('muted-permanently');
  return t('muted-until', { time: timeText(new Date(denial.until), new Date()) });
}
