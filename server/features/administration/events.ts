import type { ServerSettings } from '../../auth/server-settings.ts';
import type { Erasing } from '../event.ts';

/** A user opened the owner link, and confirmed. */
export interface ServerOwned {
  readonly kind: 'server-owned';
  /** The hash of the user's session. */
  readonly session: string;
  /** The uid of the owner whom the link replaces; `null` where it is for the first one. */
  readonly before: string | null;
  readonly at: number;
}

/** The owner of the server ended all sessions of a user. */
export interface SignedOutEverywhere {
  readonly kind: 'signed-out-everywhere';
  /** The hash of the owner's session. */
  readonly session: string;
  /** Whose sessions end. */
  readonly uid: string;
  readonly at: number;
}

/** The owner of the server changed its settings. */
export interface ServerSettingsChanged {
  readonly kind: 'server-settings-changed';
  /** The hash of the owner's session. */
  readonly session: string;
  readonly settings: ServerSettings;
  readonly at: number;
}

export type AdministrationEvent = ServerOwned | SignedOutEverywhere | ServerSettingsChanged;

export const administrationErasing: Erasing<AdministrationEvent> = {
  'server-owned': false,
  'signed-out-everywhere': false,
  'server-settings-changed': false,
};
