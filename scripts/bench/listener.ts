/** Called when messages arrive: there are `count` now, and were `from` before. */
export type OnMessages = (count: number, from: number) => void;

/** A client that receives the messages of a room, over any transport. */
export interface Listener {
  /** Resolves when the client has joined; rejects if the connection ends before that. */
  readonly ready: Promise<void>;
  /** Messages received. */
  readonly count: number;
  onMessages: OnMessages;
  /** Stops reading. */
  stop(): void;
  leave(): Promise<void>;
}

/** Resolves when a listener has received so many messages in all. */
export function hasHeard(listener: Listener, count: number): Promise<void> {
  return new Promise((resolve) => {
    listener.onMessages = (now) => {
      if (now >= count) resolve();
    };
    listener.onMessages(listener.count, listener.count);
  });
}

/** A listener that can also post, and read messages. */
export interface Speaker extends Listener {
  /** Receives the text of each message; without it nothing is decoded. */
  onMessage: ((text: string) => void) | undefined;
  say(message: string): void;
}
