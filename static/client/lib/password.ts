import { notice } from './dom.ts';
import { t } from './messages.ts';

/** Errors that a password resolves: that of the room, or the server's. */
const CODES: ReadonlySet<string> = new Set(['password-required', 'server-password-required']);

export function needsPassword(code: string | undefined): boolean {
  return code !== undefined && CODES.has(code);
}

/** The server answers this page's URL with the password form, and leads back from it. */
export function showPasswordForm(): void {
  location.reload();
}

/** Says why, and links to the form, for a page with data that leaving would lose. */
export function passwordNotice(why: string): HTMLElement {
  const link = document.createElement('a');
  link.href = location.pathname + location.search;
  link.textContent = t('enter');
  const text = notice(why);
  text.append(' ', link);
  return text;
}
