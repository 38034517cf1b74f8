import { type Accent, accents } from '../shared/accents.ts';

/** Who can create rooms: by its form, or with the first message in a room that does not exist. */
export const ROOM_CREATORS = ['everyone', 'signed-in', 'moderators'] as const;

/** What the owner of the server sets for all rooms. */
export interface ServerSettings {
  readonly roomCreators: (typeof ROOM_CREATORS)[number];
  /** Whether guests may post, edit, react and upload. They may always vote. */
  readonly guestsMayWrite: boolean;
  /** What the server is called on its pages; empty for the name of the program. */
  readonly name: string;
  readonly accent: Accent;
}

export const DEFAULT_SERVER_SETTINGS: ServerSettings = {
  roomCreators: 'everyone',
  guestsMayWrite: true,
  name: '',
  accent: accents[0],
};
