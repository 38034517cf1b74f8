/** What is not answered by then is not going to be: the server gives up before that. */
const TIMEOUT_MS = 60_000;

/**
 * Fetches, and gives up in the end: a network that drops everything silently gives neither an answer nor an error.
 * @throws where there is no answer in time, or `signal` is aborted
 */
export function fetchWithTimeout(address: string, init: RequestInit = {}): Promise<Response> {
  const signal = firstOf(init.signal, AbortSignal.timeout(TIMEOUT_MS));
  // biome-ignore lint/style/noRestrictedGlobals: the one request that all others are made of
  return fetch(address, { ...init, signal });
}

/** Aborted with the first of both: Safari 16 has no `AbortSignal.any`. */
function firstOf(signal: AbortSignal | null | undefined, timeout: AbortSignal): AbortSignal {
  if (!signal || signal.aborted) return signal ?? timeout;
  const either = new AbortController();
  for (const one of [signal, timeout]) {
    one.addEventListener('abort', () => either.abort(one.reason));
  }
  return either.signal;
}
