import { type ModerationAction, moderationActions } from './moderation/room-actions.ts';
import { type PollCreatorsChanged, pollActions } from './polls/room-actions.ts';
import { type KeepDaysChanged, retentionActions } from './retention/room-actions.ts';
import type { ActionRules, RulesOf } from './room-action.ts';
import { type SettingsAction, settingsActions } from './rooms/room-actions.ts';

/** What is done to a room by its owner and moderators; each is a system message in its history. */
export type RoomAction = SettingsAction | ModerationAction | PollCreatorsChanged | KeepDaysChanged;

const ROOM_ACTIONS: RulesOf<RoomAction> = {
  ...settingsActions,
  ...moderationActions,
  ...pollActions,
  ...retentionActions,
};

/** The rules of an action, by its type. */
export function actionRules(type: RoomAction['type']): ActionRules<RoomAction> {
  return ROOM_ACTIONS[type];
}

export function isKnownAction(type: string): boolean {
  return Object.hasOwn(ROOM_ACTIONS, type);
}
