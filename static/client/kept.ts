/** What this browser keeps for a page. A browser may be set to keep nothing: then nothing is. */
export function kept<T>(key: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`typhoon.${key}`);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

export function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(`typhoon.${key}`, JSON.stringify(value));
  } catch {}
}
