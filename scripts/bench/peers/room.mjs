import { randomUUID } from 'node:crypto';

/*
 * What the peers have in common: a room in memory, its messages rendered through Typhoon's own
 * template, by its own code. They are plain JavaScript, as uWebSockets.js runs on an older Node.
 */

/** Messages that a client receives on joining. */
const HISTORY = 100;

const { render: renderMessage } = await import(process.env.TYPHOON_FRAGMENT);

export class Room {
  #messages = [];
  #seq = 0;

  /** Puts a message into the room's history. */
  post(uid, body) {
    this.#seq += 1;
    const message = {
      id: this.#seq,
      seq: this.#seq,
      room: 'lobby',
      kind: 'message',
      uid,
      name: null,
      cid: null,
      body,
      at: Date.now(),
      edited: null,
      reply: null,
      quote: null,
      reactions: null,
      files: null,
    };
    this.#messages.push(message);
    if (this.#messages.length > HISTORY) this.#messages.shift();
    return message;
  }

  get history() {
    return this.#messages.map(render);
  }
}

export function render(message) {
  return renderMessage(message, 'en');
}

export function newUid() {
  return randomUUID();
}

/** The page of a peer: there is little on it. */
export function page(_request, response) {
  response.end('<!doctype html><title>A peer</title>');
}

/** Prints its address, as Typhoon does. */
export function listening(port) {
  console.log(`It listens on http://127.0.0.1:${port}, in memory.`);
}
