import type { Erasing, RoomEventBase } from '../event.ts';
import type { RoomAction } from '../room-actions.ts';
import { clearsHistory } from './room-actions.ts';

/** Something was done to a room; it is a system message in its history. */
export interface RoomActed extends RoomEventBase {
  readonly kind: 'room-action';
  readonly action: RoomAction;
}

/** The content of such an event. */
export function roomAction(action: RoomAction) {
  return { kind: 'room-action' as const, action };
}

export const roomActionErasing: Erasing<RoomActed> = {
  'room-action': ({ action }) => clearsHistory(action),
};
