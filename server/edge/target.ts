/**
 * The path and the query that a request is for (RFC 9112, section 3.2). A proxy may send the whole
 * address instead; then they are what follows its host. A fragment never is sent.
 * @returns `undefined` where the target is of neither form
 */
export function readTarget(target = ''): string | undefined {
  if (/^\/[^#]*$/.test(target)) return target;
  const url = URL.parse(target);
  return url && /^https?:$/.test(url.protocol) ? url.pathname + url.search : undefined;
}
