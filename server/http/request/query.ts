import type { IncomingMessage } from 'node:http';
import { ChatError } from '../../core/errors.ts';
import { type Fields, parseUrlencoded } from './urlencoded.ts';

const queries = new WeakMap<IncomingMessage, Fields>();

/** The query of a request, parsed once. @throws ChatError where it has too many parameters */
export function queryOf(request: IncomingMessage): Fields {
  const known = queries.get(request);
  if (known) return known;
  const query = parseUrlencoded(queryText(request.url ?? ''));
  queries.set(request, query);
  return query;
}

/** What follows the first question mark of a target. */
export function queryText(target: string): string {
  const start = target.indexOf('?');
  return start < 0 ? '' : target.slice(start + 1);
}

/**
 * A whole number from an address, or `undefined` where it is missing.
 * @throws ChatError where it is something else
 */
export function readNumber(
  name: string,
  text: string | readonly string[] | undefined,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (typeof text === 'string' && /^\d{1,16}$/.test(text) && number >= min && number <= max) {
    return number;
  }
  throw new ChatError('invalid-number', { name, min, max });
}

/**
 * The parameters that select messages. An endpoint that selects messages refuses those it has no
 * use for; unknown parameters are ignored, as links get them on their way.
 */
const SELECTORS = ['after', 'wait', 'at', 'before', 'since', 'limit'] as const;

/** Parameters that an endpoint takes together. */
export type Selection = readonly (typeof SELECTORS)[number][];

/**
 * Checks that a query selects messages in one of the ways that an endpoint has.
 * @throws ChatError where a parameter is in none of them, or no way has all of them
 */
export function assertSelection(
  query: Readonly<Record<string, unknown>>,
  ...selections: readonly Selection[]
): void {
  const names = SELECTORS.filter((name) => query[name] !== undefined);
  for (const name of names) {
    const own = selections.filter((selection) => selection.includes(name));
    if (own.length === 0) throw new ChatError('unsupported-parameter', { name });
    const other = names.find((second) => !own.some((selection) => selection.includes(second)));
    if (other) throw new ChatError('exclusive-parameters', { first: name, second: other });
  }
}
