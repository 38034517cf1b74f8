import { activeSanction, appliesTo, writeDenial } from '../../auth/permissions.ts';
import type { Sanction, Settings } from '../../auth/room-settings.ts';
import type { Principal } from '../../core/actor.ts';
import { type EncodedFrames, encodeOnce } from '../../core/encoded-frames.ts';
import type { TextType } from '../../core/fragment.ts';
import { signal } from '../../templates.ts';

const MINUTE_MS = 60_000;

type Restrictions = Pick<Settings, 'owner' | 'sanctions'>;

/** Whether somebody is muted and until when, for them alone. */
function muteText(mute: Sanction | undefined, type: TextType): string {
  const until = isoOf(mute?.until ?? null);
  if (type === 'json') return JSON.stringify({ type: 'mute', isMuted: mute !== undefined, until });
  return signal({ name: 'mute', data: { muted: mute !== undefined, until } });
}

/** Nearly everybody's, encoded once. */
const NOT_MUTED = encodeOnce((type) => [muteText(undefined, type)]);

/** What a user's own streams say of their mute. */
export function ownMute(settings: Restrictions, who: Principal, now: number): EncodedFrames {
  const mute = activeSanction(settings, who, 'mute', now);
  return mute ? encodeOnce((type) => [muteText(mute, type)]) : NOT_MUTED;
}

/** The same for a client without a stream. */
export function ownMuteText(
  settings: Restrictions,
  who: Principal,
  type: TextType,
  now: number,
): string {
  return muteText(activeSanction(settings, who, 'mute', now), type);
}

/** Whose mute may have changed with the settings: few users, of perhaps thousands in the room. */
export function affectedByMutes(
  before: Restrictions,
  after: Restrictions,
): (who: Principal) => boolean {
  const [old, current] = [mutesOf(before), mutesOf(after)];
  const changed = [...old, ...current].flatMap(([key, mute]) =>
    old.has(key) && current.has(key) ? [] : mute,
  );
  // A moderator is not muted: the owner was, perhaps, before.
  const owners = before.owner === after.owner ? [] : [before.owner, after.owner];
  return (who) => owners.includes(who.uid) || changed.some((mute) => appliesTo(mute, who));
}

function mutesOf({ sanctions }: Restrictions): ReadonlyMap<string, Sanction> {
  const mutes = sanctions.filter(({ kind }) => kind === 'mute');
  return new Map(mutes.map((mute) => [JSON.stringify(mute), mute]));
}

/** Why a user may not write, as the page says in place of the message field. */
interface WriteDenialView {
  readonly code: NonNullable<ReturnType<typeof writeDenial>>;
  /** The end of a mute, and the minutes until then; `null` if there is none. */
  readonly until: string | null;
  readonly minutes: number | null;
}

/** Why a user may not write; `undefined` where they may. */
export function writeDenialView(
  settings: Settings,
  who: Principal,
  now: number,
): WriteDenialView | undefined {
  const code = writeDenial(settings, who, now);
  if (!code) return undefined;
  const until = activeSanction(settings, who, 'mute', now)?.until ?? null;
  const minutes = until === null ? null : Math.ceil((until - now) / MINUTE_MS);
  return { code, until: isoOf(until), minutes };
}

function isoOf(until: number | null): string | null {
  return until === null ? null : new Date(until).toISOString();
}
