import { queryText } from './query.ts';
import { assertFewPairs } from './urlencoded.ts';

/** The target of a request (RFC 9112, section 3.2). */
interface Target {
  /** The path and the query. */
  readonly path: string;
  /** The host and the port, where the target has them. */
  readonly host?: string;
}

/**
 * Reads the target of a request. A proxy may send the whole URL instead of the path; a fragment or
 * user information is never sent (RFC 9110, section 4.2.4).
 * @returns `undefined` where the target is of neither form
 * @throws ChatError where its query has too many parameters
 */
export function readTarget(target = ''): Target | undefined {
  const read = splitTarget(target);
  if (read) assertFewPairs(queryText(read.path));
  return read;
}

function splitTarget(target: string): Target | undefined {
  if (/^\/[^#]*$/.test(target)) return { path: target };
  const url = URL.parse(target);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined;
  return { path: url.pathname + url.search, host: url.host };
}
