import { displayName } from '../../shared/display-name.ts';
import type { Language } from '../../shared/i18n.ts';
import { roomPath } from '../../shared/routes.ts';
import { shownText } from '../search/searchable-text.ts';
import type { ReportedMessage } from './report-queries.ts';

/** Messages on a page. */
export const REPORTS_PAGE = 25;
/** Reasons that are shown of a message. */
const MAX_REASONS = 5;
/** In UTF-16 code units. */
const MAX_TEXT = 300;

/** What templates/reports.html shows of each message. */
export function reportsView(reported: readonly ReportedMessage[], language: Language) {
  return reported.map(({ message, count, reasons }) => {
    const text = shownText(message);
    return {
      id: message.id,
      room: message.room,
      path: roomPath(message.room),
      author: displayName(language, message),
      at: new Date(message.at).toISOString(),
      text: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT).toWellFormed()}…` : text,
      count,
      reasons: reasons.slice(0, MAX_REASONS),
    };
  });
}
