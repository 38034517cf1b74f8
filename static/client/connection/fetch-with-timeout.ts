/** A response later than this will not come: the server gives up earlier. */
const TIMEOUT_MS = 60_000;

/**
 * Fetches in the language of the page, with a timeout: a network that silently drops everything
 * gives neither a response nor an error.
 * @throws if there is no response in time, or `signal` is aborted
 */
export function fetchWithTimeout(address: string, init: RequestInit = {}): Promise<Response> {
  const signal = firstOf(init.signal, AbortSignal.timeout(TIMEOUT_MS));
  // biome-ignore lint/style/noRestrictedGlobals: all other requests are made by this function
  return fetch(inLanguage(address), { ...init, signal });
}

/** Another tab may have chosen another language since this page was rendered. */
function inLanguage(address: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}lang=${document.documentElement.lang}`;
}

/** Aborts with the first of both signals: Safari 16 has no `AbortSignal.any`. */
function firstOf(signal: AbortSignal | null | undefined, timeout: AbortSignal): AbortSignal {
  if (!signal || signal.aborted) return signal ?? timeout;
  const either = new AbortController();
  for (const source of [signal, timeout]) {
    source.addEventListener('abort', () => either.abort(source.reason));
  }
  return either.signal;
}
