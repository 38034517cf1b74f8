import type { UserRef } from '../../core/actor.ts';
import type { RulesOf } from '../room-action.ts';
import { type Pin, withPin } from './pins.ts';
import { type Restriction, type RestrictionsLifted, sanctionActions } from './sanctions.ts';

/** What a moderator does to a room. */
export type ModerationAction =
  | { readonly type: 'lock-changed'; readonly enabled: boolean }
  | { readonly type: 'name-requirement-changed'; readonly enabled: boolean }
  /** Seconds between two messages of a user; 0 is no limit. */
  | { readonly type: 'slow-mode-changed'; readonly seconds: number }
  | { readonly type: 'history-cleared' }
  | { readonly type: 'room-deleted' }
  | Pin
  | Restriction
  | RestrictionsLifted
  | { readonly type: 'ownership-transferred'; readonly whom: UserRef };

/** Whether an action deletes all messages of the room. */
export function clearsHistory({ type }: { readonly type: string }): boolean {
  return type === 'history-cleared' || type === 'room-deleted';
}

export const moderationActions: RulesOf<ModerationAction> = {
  'lock-changed': {
    apply: (settings, { enabled }) => ({ ...settings, isLocked: enabled }),
    details: ({ enabled }) => ({ enabled }),
    text: ({ enabled }) => (enabled ? 'lock-changed' : 'lock-changed-off'),
  },
  'name-requirement-changed': {
    apply: (settings, { enabled }) => ({ ...settings, requiresName: enabled }),
    details: ({ enabled }) => ({ enabled }),
    text: ({ enabled }) => (enabled ? 'name-requirement-changed' : 'name-requirement-changed-off'),
  },
  'slow-mode-changed': {
    apply: (settings, { seconds }) => ({ ...settings, slowModeSeconds: seconds }),
    details: ({ seconds }) => ({ seconds }),
    text: ({ seconds }) => (seconds === 0 ? 'slow-mode-changed-off' : 'slow-mode-changed'),
  },
  'history-cleared': {
    apply: (settings, _, { seq }) => ({ ...settings, clearedSeq: seq, pinned: [] }),
    details: () => ({}),
    text: () => 'history-cleared',
  },
  // See RoomCache.remove.
  'room-deleted': {
    apply: (settings) => settings,
    details: () => ({}),
    text: () => 'room-deleted',
  },
  'message-pinned': {
    apply: (settings, action) => ({ ...settings, pinned: withPin(settings, action) }),
    details: ({ id }) => ({ message: id }),
    text: () => 'message-pinned',
  },
  'message-unpinned': {
    apply: (settings, action) => ({ ...settings, pinned: withPin(settings, action) }),
    details: ({ id }) => ({ message: id }),
    text: () => 'message-unpinned',
  },
  ...sanctionActions,
  'ownership-transferred': {
    apply: (settings, { whom }) => ({ ...settings, owner: whom.uid }),
    details: ({ whom }) => ({ whom }),
    text: () => 'ownership-transferred',
  },
};
