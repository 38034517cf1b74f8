import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type Client, join } from './client.ts';

/** Another user in the room, who chats on while hostile clients attack. */
export class Witness {
  readonly #client: Client;
  #said = 0;
  #read = 0;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async enter(t: TestContext, port: number, room: string): Promise<Witness> {
    return new Witness(await join(t, port, `/rooms/${room}/live`, { protocols: ['json'] }));
  }

  /** Posts a message, and receives it. Returns what others have posted since the last time. */
  async chat(): Promise<string[]> {
    this.#said += 1;
    const own = `witness ${this.#said}`;
    this.#client.say(own);
    const frames = await this.#client.until((all) => bodies(all.slice(this.#read)).includes(own));
    const heard = bodies(frames.slice(this.#read));
    this.#read = frames.length;
    assert.equal(heard.pop(), own);
    return heard;
  }
}

/** Fails if there is anything but messages and the frames sent on joining. */
function bodies(frames: readonly string[]): string[] {
  return frames.flatMap((frame) => {
    const { type, body } = JSON.parse(frame);
    assert.match(type, /^(welcome|message|synced)$/);
    return type === 'message' ? [String(body)] : [];
  });
}
