import type { LazyFragment, TextType } from '../../core/fragment.ts';
import { lengthOf, type Message } from '../../core/message.ts';
import { type Render, render } from './fragment.ts';

/** A message that is rendered lazily, once for each format. */
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
  #html: string | undefined;
  #json: string | undefined;

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

  get html(): string {
    this.#html ??= this.#render(this.#message, 'html');
    return this.#html;
  }

  get json(): string {
    this.#json ??= this.#render(this.#message, 'json');
    return this.#json;
  }

  isRendered(type: TextType): boolean {
    return (type === 'html' ? this.#html : this.#json) !== undefined;
  }

  /** The length of what it was rendered to, in UTF-16 units. */
  get renderedLength(): number {
    return (this.#html?.length ?? 0) + (this.#json?.length ?? 0);
  }

  /** Frees what it was rendered to; it is rendered again on demand. */
  forget(): void {
    this.#html = undefined;
    this.#json = undefined;
  }
}
