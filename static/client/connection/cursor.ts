/**
 * The cursor after the change of the message `id` by the event `seq`: it never goes back. An event may
 * change many messages, in the order of their ids.
 */
export function advanceCursor(
  cursor: string | undefined,
  seq: number,
  id: number,
): string | undefined {
  const [epoch, lastSeq, lastId = Number.POSITIVE_INFINITY] = cursor?.split('.') ?? [];
  const isLater = seq > Number(lastSeq) || (seq === Number(lastSeq) && id > Number(lastId));
  return isLater ? `${epoch}.${seq}.${id}` : cursor;
}
