import type { Sanction, Settings } from '../../auth/room-settings.ts';
import type { UserRef } from '../../core/actor.ts';
import type { RulesOf } from '../room-action.ts';

const MINUTE_MS = 60_000;

/**
 * A user was muted or banned, for so many minutes; `null` is permanent. An address extends it to
 * everybody at that address. `browsers` are those the user is online with; the store adds those they
 * posted from.
 */
export interface Restriction {
  readonly type: 'user-muted' | 'user-banned';
  readonly whom: UserRef;
  readonly minutes: number | null;
  readonly address: string | null;
  readonly browsers?: readonly string[];
}

export interface RestrictionsLifted {
  readonly type: 'restrictions-lifted';
  readonly whom: UserRef;
  readonly browsers?: readonly string[];
}

const SANCTION_OF = { 'user-muted': 'mute', 'user-banned': 'ban' } as const;

export const sanctionActions: RulesOf<Restriction | RestrictionsLifted> = {
  'user-muted': {
    apply: restrict,
    details: ({ whom, minutes }) => ({ whom, minutes }),
    text: ({ minutes }) => (minutes === null ? 'user-muted-permanently' : 'user-muted'),
  },
  'user-banned': {
    apply: restrict,
    details: ({ whom, minutes }) => ({ whom, minutes }),
    text: ({ minutes }) => (minutes === null ? 'user-banned-permanently' : 'user-banned'),
  },
  'restrictions-lifted': {
    apply(settings, { whom, browsers: lifted }, { at }) {
      const isLifted = ({ uid, browsers = [] }: Sanction) =>
        uid === whom.uid || browsers.some((browser) => lifted?.includes(browser));
      const sanctions = activeSanctions(settings, at).filter((sanction) => !isLifted(sanction));
      return { ...settings, sanctions };
    },
    details: ({ whom }) => ({ whom }),
    text: () => 'restrictions-lifted',
  },
};

function restrict(
  settings: Settings,
  action: Restriction,
  { at }: { readonly at: number },
): Settings {
  const { type, whom, minutes, address, browsers = [] } = action;
  const until = minutes === null ? null : at + minutes * MINUTE_MS;
  const sanction: Sanction = { kind: SANCTION_OF[type], ...whom, address, browsers, until };
  return { ...settings, sanctions: [...otherActiveSanctions(settings, action, at), sanction] };
}

/** The active sanctions except the one being replaced. A user may be both muted and banned. */
export function otherActiveSanctions(
  settings: Settings,
  { type, whom }: Pick<Restriction, 'type' | 'whom'>,
  now: number,
): readonly Sanction[] {
  return activeSanctions(settings, now).filter(
    ({ uid, kind }) => uid !== whom.uid || kind !== SANCTION_OF[type],
  );
}

/** The sanctions that have not expired. */
function activeSanctions({ sanctions }: Settings, now: number): readonly Sanction[] {
  return sanctions.filter(({ until }) => until === null || until > now);
}
