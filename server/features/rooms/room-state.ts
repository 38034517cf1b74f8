import type { Settings } from '../../auth/room-settings.ts';
import type { TextType } from '../../core/fragment.ts';
import type { PresenceEntry, PresenceUpdate } from '../../core/presence-tracker.ts';
import { signal, template } from '../../templates.ts';
import { allLanguages, hueOf, shortUid } from '../messages/display-name.ts';

type RoomSettings = Pick<Settings, 'topic' | 'owner' | 'isLocked' | 'slowS' | 'pinned'>;

/** Ephemeral state: room settings, who is here, and how many. */
export interface RoomState extends PresenceUpdate {
  readonly room?: RoomSettings;
}

const person = template<PresenceEntry & { hue: number; visitor: string; t: typeof allLanguages }>(
  'person',
);

/** The ephemeral state of a room, in as many texts as it takes. */
export function stateTexts(state: RoomState, type: TextType): readonly string[] {
  return type === 'html' ? html(state) : json(state);
}

function html({ room, people, count, isWhole }: RoomState): readonly string[] {
  return [
    ...(isWhole ? [signal({ name: 'roster-anew', data: {} })] : []),
    ...(room ? [roomSignal(room)] : []),
    ...people.map((shown) => {
      const { uid } = shown;
      return person({ ...shown, hue: hueOf(uid), visitor: shortUid(uid), t: allLanguages });
    }),
    signal({ name: 'people', data: { count } }),
  ];
}

function roomSignal({ topic, owner, isLocked, slowS, pinned }: RoomSettings): string {
  const data = { topic, owner, locked: isLocked, slow: slowS, pinned: pinned.join(' ') };
  return signal({ name: 'room', data });
}

function json({ room, people, count, isWhole }: RoomState): readonly string[] {
  return [
    ...(isWhole ? [JSON.stringify({ type: 'roster-anew' })] : []),
    ...(room ? [roomJson(room)] : []),
    ...people.map((shown) => JSON.stringify({ type: 'person', ...shown })),
    JSON.stringify({ type: 'people', count }),
  ];
}

/** Only what everybody may know: the settings have more. */
function roomJson({ topic, owner, isLocked, slowS, pinned }: RoomSettings): string {
  return JSON.stringify({ type: 'room', topic, owner, isLocked, slowS, pinned });
}
