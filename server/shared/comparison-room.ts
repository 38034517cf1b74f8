/** The rooms of /transports are for that page only: no owner, no join code, and not listed. */
const COMPARISON = 'transports-';

export function comparisonRoom(id: string): string {
  return COMPARISON + id;
}

export function isComparisonRoom(name: string): boolean {
  return name.startsWith(COMPARISON);
}
