/** The cursor after the change `seq` has been seen: it never goes back. */
export function advanceCursor(cursor: string | undefined, seq: number): string | undefined {
  const [epoch, last] = cursor?.split('.') ?? [];
  return seq > Number(last) ? `${epoch}.${seq}` : cursor;
}
