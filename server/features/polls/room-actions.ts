import type { PollCreators } from '../../auth/room-settings.ts';
import type { RulesOf } from '../room-action.ts';

export interface PollCreatorsChanged {
  readonly type: 'poll-creators-changed';
  readonly creators: PollCreators;
}

export const pollActions: RulesOf<PollCreatorsChanged> = {
  'poll-creators-changed': {
    denial: ({ owner }) => (owner === null ? 'no-owner' : undefined),
    apply: (settings, { creators }) => ({ ...settings, pollCreators: creators }),
    details: ({ creators }) => ({ creators }),
    text: ({ creators }) => (creators === 'everyone' ? 'polls-by-everyone' : 'polls-by-moderators'),
  },
};
