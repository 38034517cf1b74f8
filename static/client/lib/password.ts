import { notice } from './dom.ts';
import { t } from './messages.ts';

/** Refusals of those who are let in as soon as they give a password: that of the room, or the server's. */
const CODES: ReadonlySet<string> = new Set(['needs-word', 'needs-passcode']);

export function needsPassword(code: string | undefined): boolean {
  return code !== undefined && CODES.has(code);
}

/** The server answers the address of this page with the form for the password, and leads back from it. */
export function showPasswordForm(): void {
  location.reload();
}

/** Says why, and links to the form, where the page has something that would be lost on the way. */
export function passwordNotice(why: string): HTMLElement {
  const link = document.createElement('a');
  link.href = location.pathname + location.search;
  link.textContent = t('enter');
  const text = notice(why);
  text.append(' ', link);
  return text;
}
