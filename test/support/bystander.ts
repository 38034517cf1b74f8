import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type Client, join } from './client.ts';

/** Another user in the room, who goes on chatting while hostile clients attack. */
export class Bystander {
  readonly #client: Client;
  #postedCount = 0;
  #readCount = 0;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async join(t: TestContext, port: number, room: string): Promise<Bystander> {
    return new Bystander(await join(t, port, `/rooms/${room}/live`, { protocols: ['json'] }));
  }

  /** Posts a message, and receives it. Returns what others have posted since the last call. */
  async postAndReceive(): Promise<string[]> {
    this.#postedCount += 1;
    const own = `bystander ${this.#postedCount}`;
    this.#client.post(own);
    const frames = await this.#client.until((all) =>
      bodies(all.slice(this.#readCount)).includes(own),
    );
    const received = bodies(frames.slice(this.#readCount));
    this.#readCount = frames.length;
    assert.equal(received.pop(), own);
    return received;
  }
}

/** Fails on any frames other than messages and those sent on joining. */
function bodies(frames: readonly string[]): string[] {
  return frames.flatMap((frame) => {
    const { type, body } = JSON.parse(frame);
    assert.match(type, /^(welcome|message|synced)$/);
    return type === 'message' ? [String(body)] : [];
  });
}
