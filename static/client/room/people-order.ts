/** A user in the list of people, as far as their place depends on it. */
export interface Listed {
  readonly name: string;
  readonly isOwn: boolean;
  readonly isOwner: boolean;
  readonly isGuest: boolean;
}

/** Compares two users in the order of the list: the user, the owner, names, and then guests. */
export function comparePeople(one: Listed, other: Listed): number {
  return rankOf(one) - rankOf(other) || one.name.localeCompare(other.name);
}

function rankOf({ isOwn, isOwner, isGuest }: Listed): number {
  if (isOwn) return 0;
  if (isOwner) return 1;
  return isGuest ? 3 : 2;
}
