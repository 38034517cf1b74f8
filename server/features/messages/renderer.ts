import type { Message } from '../../core/message.ts';
import { WorkQueue } from '../../limits/work-queue.ts';
import { type Render, render, type TextType } from './fragment.ts';
import { RenderCache } from './render-cache.ts';
import { RenderedMessage } from './rendered-message.ts';

/** Rendering in one turn of the event loop for those who hear what happens now, in milliseconds. */
const LIVE_MS = 15;

/** For whom something is rendered. */
export interface Reader {
  readonly type: TextType;
  /** Where they are: what one address asks for does not keep the others waiting. */
  readonly address: string;
}

/**
 * Renders messages: each once in a form, as long as it is kept, and not before somebody asks for it in
 * that form. What was asked for together is rendered in as many turns of the event loop as it takes.
 */
export class Renderer {
  readonly #render: Render;
  readonly #work: WorkQueue;
  readonly #cache = new RenderCache();

  constructor(how: Render = render, work = new WorkQueue()) {
    this.#work = work;
    this.#render = (message, type) => work.runNow(() => how(message, type));
  }

  /** A message to be rendered, or as it was rendered before. */
  message(message: Message): RenderedMessage {
    return this.#cache.find(message) ?? new RenderedMessage(message, this.#render);
  }

  /**
   * The first of the messages, one at least, that have so many bytes together, rendered.
   * @param maxBytes of text in the form that the reader asks for
   */
  async take(
    messages: Iterable<RenderedMessage>,
    { type, address }: Reader,
    maxBytes: number,
  ): Promise<RenderedMessage[]> {
    const taken: RenderedMessage[] = [];
    let bytes = 0;
    for (const message of messages) {
      if (!message.isRendered(type)) {
        await this.#work.run(address, () => message[type]);
        this.#cache.add(message);
      }
      bytes += Buffer.byteLength(message[type]);
      if (taken.length > 0 && bytes > maxBytes) break;
      taken.push(message);
    }
    return taken;
  }

  /** The first of some texts, of one piece at least, that have so many bytes together. */
  async texts(
    pieces: Iterable<() => readonly string[]>,
    address: string,
    maxBytes: number,
  ): Promise<string[]> {
    const texts: string[] = [];
    let bytes = 0;
    for (const piece of pieces) {
      const more = await this.#work.run(address, piece);
      bytes += more.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      if (texts.length > 0 && bytes > maxBytes) break;
      texts.push(...more);
    }
    return texts;
  }

  /** Renders what is sent in this turn of the event loop. False: that is too much for one turn. */
  renderNow(messages: readonly RenderedMessage[], type: TextType): boolean {
    return messages.every((message) => {
      if (message.isRendered(type)) return true;
      return !this.#work.hasSpent(LIVE_MS) && message[type] !== undefined;
    });
  }

  /** The messages of a room up to this one are gone. */
  clear(room: string, upTo: number): void {
    this.#cache.clear(room, upTo);
  }
}
