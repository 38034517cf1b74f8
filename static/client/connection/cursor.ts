/** A cursor, once the change of this number has been seen: it never goes back. */
export function advanceCursor(cursor: string | undefined, seq: number): string | undefined {
  const [epoch, last] = cursor?.split('.') ?? [];
  return seq > Number(last) ? `${epoch}.${seq}` : cursor;
}
