/** What tells guests apart. */
export function shortUid(uid: string): string {
  return uid.slice(0, 6);
}
