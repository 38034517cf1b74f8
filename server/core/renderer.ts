import type { LazyFragment, TextType } from './fragment.ts';
import type { Message } from './message.ts';

/** The client that something is rendered for. */
export interface Reader {
  readonly type: TextType;
  /** Its address: work for one address doesn't keep the others waiting. */
  readonly address: string;
}

/** Renders the messages of all rooms. */
export interface FragmentRenderer {
  /** A message to be rendered, or the cached one. */
  message(message: Message): LazyFragment;
  /**
   * Renders messages up to a number of bytes, but at least one, in as many turns of the event loop as
   * that needs.
   * @param maxBytes of text in the reader's type
   */
  take(
    messages: Iterable<LazyFragment>,
    reader: Reader,
    maxBytes: number,
  ): Promise<readonly LazyFragment[]>;
  /** Renders what this turn of the event loop sends. False if that is too much for one turn. */
  renderNow(messages: readonly LazyFragment[], type: TextType): boolean;
  /** The messages of a room up to this one are gone. */
  clear(room: string, upTo: number): void;
}
