import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings, type Sanction } from '../../../server/auth/room-settings.ts';
import { sanctionActions } from '../../../server/features/moderation/sanctions.ts';

function muted(uid: string, until: number | null): Sanction {
  return { kind: 'mute', uid, name: null, address: null, browsers: [], until };
}

test('Lifting the restrictions on a user leaves those on others, and drops what has expired.', () => {
  const settings = {
    ...defaultSettings('room'),
    sanctions: [muted('ann', null), muted('ben', null), muted('cem', 10), muted('dan', 11)],
  };
  const lift = { type: 'restrictions-lifted', whom: { uid: 'ann', name: null } } as const;
  const { sanctions } = sanctionActions['restrictions-lifted'].apply(settings, lift, {
    uid: 'owner',
    seq: 1,
    at: 10,
  });
  assert.deepEqual(
    sanctions.map(({ uid }) => uid),
    ['ben', 'dan'],
  );
});
