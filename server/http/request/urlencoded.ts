import { ChatError } from '../../core/errors.ts';

/** The parameters of a query, or the fields of a form; a repeated name has a list. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

/** Pairs in one query or one form, empty ones included. Our largest form has 13. */
const MAX_PAIRS = 100;

/** Reads no further than necessary. @throws ChatError where a text has too many pairs */
export function assertFewPairs(text: string): void {
  if (text.split('&', MAX_PAIRS + 1).length > MAX_PAIRS) {
    throw new ChatError('too-many-fields', { max: MAX_PAIRS });
  }
}

/**
 * Decodes `application/x-www-form-urlencoded` (URL Standard, section 5.1), of a query or of a body,
 * in linear time.
 * @throws ChatError where there are too many pairs
 */
export function parseUrlencoded(text: string): Fields {
  assertFewPairs(text);
  const fields = new Map<string, string | string[]>();
  // URLSearchParams drops a leading question mark, which may belong to a name.
  for (const [name, value] of new URLSearchParams(`?${text}`)) {
    const before = fields.get(name);
    if (before === undefined) fields.set(name, value);
    else if (typeof before === 'string') fields.set(name, [before, value]);
    else before.push(value);
  }
  return Object.fromEntries(fields);
}
