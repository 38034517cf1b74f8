/**
 * What a spreadsheet may skip at the beginning of a cell before it looks for a formula: white
 * space, invisible characters, and quotation marks.
 */
const SKIPPED = /^[\p{White_Space}\p{C}\p{Default_Ignorable_Code_Point}\p{Pi}\p{Pf}"'`]+/u;
/** In East Asian versions full-width characters begin a formula, too: compared after NFKC. */
const FORMULA = /^[=+\-@\u2212]/;
/** At the very beginning these alone are enough: some spreadsheets drop them, some split there. */
const CONTROL = /^\p{Cc}/u;

/** Rows as comma-separated values (RFC 4180), for spreadsheets. */
export function csv(rows: readonly (readonly string[])[]): string {
  // The byte order mark tells spreadsheets that it is UTF-8.
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** An apostrophe turns what a spreadsheet would calculate into text (OWASP, "CSV Injection"). */
function cell(text: string): string {
  const [first = ''] = text.replace(SKIPPED, '');
  const isFormula = CONTROL.test(text) || FORMULA.test(first.normalize('NFKC'));
  return `"${(isFormula ? `'${text}` : text).replaceAll('"', '""')}"`;
}
