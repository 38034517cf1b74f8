import { pollCreators } from '../../auth/permissions.ts';
import type { Settings } from '../../auth/room-settings.ts';
import type { TextType } from '../../core/fragment.ts';
import type { PresenceEntry, PresenceUpdate } from '../../core/presence.ts';
import { type Language, type Translate, translator } from '../../shared/i18n.ts';
import { shortUid } from '../../shared/short-uid.ts';
import { formatStage } from '../../shared/stage.ts';
import { signal, template } from '../../templates.ts';

type RoomSettings = Pick<
  Settings,
  | 'title'
  | 'topic'
  | 'kind'
  | 'joinCode'
  | 'owner'
  | 'isLocked'
  | 'requiresName'
  | 'slowModeSeconds'
  | 'pollCreators'
  | 'pinned'
  | 'stage'
  | 'guestsMayWrite'
  | 'expiredId'
>;

/** Ephemeral state: room settings, who is here, and how many. */
export interface RoomState extends PresenceUpdate {
  readonly room?: RoomSettings;
}

const person = template<PresenceEntry & { shortId: string; t: Translate }>('member');

/** The ephemeral state of a room, in as many texts as it takes. */
export function stateTexts(state: RoomState, type: TextType): readonly string[] {
  return type === 'json' ? json(state) : html(state, type);
}

function html({ room, people, count, isWhole }: RoomState, language: Language): readonly string[] {
  return [
    ...(isWhole ? [signal({ name: 'presence-reset', data: {} })] : []),
    ...(room ? [roomSignal(room)] : []),
    ...people.map((shown) => {
      const { uid } = shown;
      return person({ ...shown, shortId: shortUid(uid), t: translator(language) });
    }),
    signal({ name: 'presence-count', data: { count } }),
  ];
}

function roomSignal(settings: RoomSettings): string {
  const { title, topic, kind, joinCode, owner, isLocked, requiresName } = settings;
  const { slowModeSeconds, pinned, stage, expiredId } = settings;
  const polls = pollCreators(settings);
  const data = {
    ...{ title, topic, kind, code: joinCode, owner, locked: isLocked },
    ...{ named: requiresName, slow: slowModeSeconds, polls },
    pinned: pinned.join(' '),
    stage: formatStage(stage),
    expired: expiredId,
    guests: settings.guestsMayWrite ? null : 'read-only',
  };
  return signal({ name: 'room-state', data });
}

function json({ room, people, count, isWhole }: RoomState): readonly string[] {
  return [
    ...(isWhole ? [JSON.stringify({ type: 'presence-reset' })] : []),
    ...(room ? [roomJson(room)] : []),
    ...people.map((shown) => JSON.stringify({ type: 'presence', ...shown })),
    JSON.stringify({ type: 'presence-count', count }),
  ];
}

/** Only what everybody may know: the settings have more. */
function roomJson(settings: RoomSettings): string {
  const { title, topic, kind, joinCode, owner, isLocked, requiresName } = settings;
  const { slowModeSeconds, pinned, stage, expiredId, guestsMayWrite } = settings;
  const creators = { pollCreators: pollCreators(settings) };
  const state = {
    title,
    topic,
    kind,
    joinCode,
    owner,
    isLocked,
    requiresName,
    slowModeSeconds,
    ...creators,
    pinned,
    stage,
    expiredId,
    guestsMayWrite,
  };
  return JSON.stringify({ type: 'room-state', ...state });
}
