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
  throw new ChatError('bad-number', { name, min, max });
}

/**
 * Checks that a query has no parameters that exclude each other.
 * @throws ChatError where it has one of `these` and one of `those`
 */
export function assertExclusive(
  query: Readonly<Record<string, unknown>>,
  these: readonly string[],
  those: readonly string[],
): void {
  const first = these.find((name) => query[name] !== undefined);
  const second = those.find((name) => name !== first && query[name] !== undefined);
  if (first !== undefined && second !== undefined) {
    throw new ChatError('exclusive-parameters', { first, second });
  }
}
