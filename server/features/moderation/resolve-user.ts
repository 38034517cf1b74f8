import type { UserRef } from '../../core/actor.ts';

type Found = UserRef & { readonly address?: string; readonly browsers: readonly string[] };

/** Finds a user, with their address and browsers if they are online. */
export type ResolveUser = (uid: string) => Promise<Found>;
