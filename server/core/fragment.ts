import type { Language } from '../shared/i18n.ts';

/** How a message is sent: as HTML in a language, for pages, or as JSON, for programs. */
export type TextType = Language | 'json';

/** A message as it is sent: the same bytes for every viewer of a type, over every transport. */
export interface Fragment {
  readonly id: number;
  readonly seq: number;
  /** Whether it is a message or poll of a user. */
  readonly isUserContent: boolean;
  /** Whether it is one, and unchanged since it was posted. */
  readonly isNew: boolean;
  text(type: TextType): string;
}

/** A fragment that is rendered when it is needed, once for each type. */
export interface LazyFragment extends Fragment {
  readonly room: string;
  /** The length of the message, in UTF-16 units. */
  readonly length: number;
  /** The length of what it was rendered to, in UTF-16 units. */
  readonly renderedLength: number;
  isRendered(type: TextType): boolean;
  /** Frees what it was rendered to; it is rendered again on demand. */
  forget(): void;
}

/** A message in its current state, for a client that has nothing of it yet. */
export function asUnchanged(fragment: Fragment): Fragment {
  const { id, seq, isUserContent } = fragment;
  return { id, seq, isUserContent, isNew: true, text: (type) => fragment.text(type) };
}
