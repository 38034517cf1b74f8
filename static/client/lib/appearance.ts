import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';

/**
 * Stores in this browser how pages look: what is not given stays. It is not stored if the server is
 * not reached: then this page shows what was chosen, and the next one does not.
 */
export function saveAppearance(chosen: Readonly<Record<string, string>>): void {
  fetchWithTimeout('/settings', { method: 'POST', body: new URLSearchParams(chosen) }).catch(
    () => {},
  );
}
