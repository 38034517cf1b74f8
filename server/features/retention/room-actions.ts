import type { RulesOf } from '../room-action.ts';

/** How long the room keeps messages was changed. */
export interface KeepDaysChanged {
  readonly type: 'keep-days-changed';
  /** 0: as long as the server does, which never keeps them longer. */
  readonly days: number;
}

export const retentionActions: RulesOf<KeepDaysChanged> = {
  'keep-days-changed': {
    apply: (settings, { days }) => ({ ...settings, keepDays: days === 0 ? null : days }),
    details: ({ days }) => ({ days }),
    text: ({ days }) => (days === 0 ? 'keep-days-changed-off' : 'keep-days-changed'),
  },
};
