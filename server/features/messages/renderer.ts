import type { LazyFragment, TextType } from '../../core/fragment.ts';
import type { Message } from '../../core/message.ts';
import type { FragmentRenderer, Reader } from '../../core/renderer.ts';
import { WorkQueue } from '../../limits/work-queue.ts';
import { type Render, render } from './fragment.ts';
import { RenderCache } from './render-cache.ts';
import { RenderedMessage } from './rendered-message.ts';

/** The maximum rendering of live messages in one turn of the event loop, in milliseconds. */
const LIVE_MS = 15;

/**
 * Renders messages: each once in a type while it is cached, and only on demand. A request is
 * rendered in as many turns of the event loop as it needs.
 */
export class Renderer implements FragmentRenderer {
  readonly #render: Render;
  readonly #work: WorkQueue;
  readonly #cache = new RenderCache();

  constructor(how: Render = render, work = new WorkQueue()) {
    this.#work = work;
    this.#render = (message, type) => work.runNow(() => how(message, type));
  }

  /** A message to be rendered, or the cached one. */
  message(message: Message): LazyFragment {
    return this.#cache.find(message) ?? new RenderedMessage(message, this.#render);
  }

  /**
   * Renders messages up to a number of bytes, but at least one.
   * @param maxBytes of text in the reader's type
   */
  async take(
    messages: Iterable<LazyFragment>,
    { type, address }: Reader,
    maxBytes: number,
  ): Promise<LazyFragment[]> {
    const taken: LazyFragment[] = [];
    let bytes = 0;
    for (const message of messages) {
      if (!message.isRendered(type)) {
        await this.#work.run(address, () => message.text(type));
        this.#cache.add(message);
      }
      bytes += Buffer.byteLength(message.text(type));
      if (taken.length > 0 && bytes > maxBytes) break;
      taken.push(message);
    }
    return taken;
  }

  /** Renders texts up to a number of bytes, but at least one piece. */
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

  /** Renders what this turn of the event loop sends. False if that is too much for one turn. */
  renderNow(messages: readonly LazyFragment[], type: TextType): boolean {
    return messages.every((message) => {
      if (message.isRendered(type)) return true;
      return !this.#work.hasSpent(LIVE_MS) && message.text(type) !== undefined;
    });
  }

  /** The messages of a room up to this one are gone. */
  clear(room: string, upTo: number): void {
    this.#cache.clear(room, upTo);
  }
}
