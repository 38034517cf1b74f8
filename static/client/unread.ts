import { keep, kept } from './kept.ts';

/** Rooms that are remembered; the one not seen for longest is forgotten. */
const MOST = 30;

/** The last message seen in each room one has been in, by the room's name. */
export type Seen = Readonly<Record<string, number>>;

export function seen(): Seen {
  return kept<Seen>('seen', {});
}

/** The last message seen in a room; nothing where one has not been in it. */
export function lastSeen(room: string): number | undefined {
  return seen()[room];
}

/** A message of a room was on the screen. */
export function see(room: string, id: number): void {
  const { [room]: last, ...others } = seen();
  if (id === last) return;
  // What was seen last stands last.
  keep('seen', Object.fromEntries([...Object.entries(others).slice(1 - MOST), [room, id]]));
}
