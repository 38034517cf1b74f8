import type { LazyFragment, TextType } from '../../core/fragment.ts';
import { lengthOf, type Message } from '../../core/message.ts';
import { type Render, render } from './fragment.ts';

/** A message that is rendered lazily, once for each type. */
export class RenderedMessage implements LazyFragment {
  readonly id: number;
  readonly seq: number;
  readonly room: string;
  readonly isUserContent: boolean;
  readonly isNew: boolean;
  /** The length of its content, in UTF-16 units. */
  readonly length: number;
  readonly #message: Message;
  readonly #render: Render;
  #texts: { [type in TextType]?: string } = {};

  constructor(message: Message, how: Render = render) {
    const { id, seq, room, kind } = message;
    this.id = id;
    this.seq = seq;
    this.room = room;
    this.isUserContent = kind === 'message' || kind === 'poll';
    this.isNew = this.isUserContent && id === seq;
    this.length = lengthOf(message);
    this.#message = message;
    this.#render = how;
  }

  text(type: TextType): string {
    const known = this.#texts[type];
    if (known !== undefined) return known;
    const text = this.#render(this.#message, type);
    this.#texts[type] = text;
    return text;
  }

  isRendered(type: TextType): boolean {
    return this.#texts[type] !== undefined;
  }

  /** The length of what it was rendered to, in UTF-16 units. */
  get renderedLength(): number {
    return Object.values(this.#texts).reduce((sum, { length }) => sum + length, 0);
  }

  /** Frees what it was rendered to; it is rendered again on demand. */
  forget(): void {
    this.#texts = {};
  }
}
