import type { Erasing } from '../event.ts';

/** What some users wrote, and what is stored about them, is to be erased: their accounts are at once. */
export interface PersonErased {
  readonly kind: 'person-erased';
  /** The uids; those that the users had as guests follow from them. */
  readonly uids: readonly string[];
  /** The hash of the session of the user themselves, or of the owner; `null`: a guest, or the operator. */
  readonly session: string | null;
  readonly at: number;
}

/** A piece of what is left of erased users was erased: each piece changes one room at most. */
export interface ErasureContinued {
  readonly kind: 'erasure-continued';
  readonly at: number;
}

export type ErasureEvent = PersonErased | ErasureContinued;

export const erasureErasing: Erasing<ErasureEvent> = {
  'person-erased': true,
  'erasure-continued': true,
};
