/** Called when messages arrive: there are `count` now, and were `from` before. */
export type OnMessages = (count: number, from: number) => void;

/** A client that receives the messages of a room, over any transport. */
export interface Receiver {
  /** Resolves when the client has joined; rejects if the connection ends before that. */
  readonly ready: Promise<void>;
  /** Messages received. */
  readonly count: number;
  onMessages: OnMessages;
  /** Stops reading. */
  stopReading(): void;
  close(): Promise<void>;
}

/** Resolves when a receiver has received so many messages in all. */
export function received(receiver: Receiver, count: number): Promise<void> {
  return new Promise((resolve) => {
    receiver.onMessages = (now) => {
      if (now >= count) resolve();
    };
    receiver.onMessages(receiver.count, receiver.count);
  });
}

/** A receiver that can also post, and read messages. */
export interface Sender extends Receiver {
  /** Receives the text of each message; without it nothing is decoded. */
  onMessage: ((text: string) => void) | undefined;
  post(message: string): void;
}
