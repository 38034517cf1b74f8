import { isComparisonRoom } from '../../shared/comparison-room.ts';

/** The default room, and those of /transports, have no owner, and are there for everybody. */
export function isReserved(room: string): boolean {
  return room === 'lobby' || isComparisonRoom(room);
}
