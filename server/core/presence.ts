/** A user in the presence list. */
export interface PresenceEntry {
  readonly uid: string;
  readonly name: string | null;
  readonly state: 'online' | 'away' | 'gone';
  readonly isTyping: boolean;
}

/** Who is here, and how many. */
export interface PresenceUpdate {
  readonly people: readonly PresenceEntry[];
  readonly count: number;
  /** Whether these are all the users to show: any others have left. */
  readonly isWhole: boolean;
}

/** The users who are shown by name; of more than these only the count is sent. */
export const MAX_SHOWN = 200;

/** Whether a user is shown the same. */
export function isEqual(a: PresenceEntry, b: PresenceEntry | undefined): boolean {
  return a.state === b?.state && a.isTyping === b.isTyping && a.name === b.name;
}
