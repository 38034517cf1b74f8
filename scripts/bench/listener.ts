/** Hears that messages came: there are `count` now, and were `from` before. */
export type OnMessages = (count: number, from: number) => void;

/** One who hears what is said in a room, by whatever way. */
export interface Listener {
  /** Ends when the server knows it; fails where the connection ends before that. */
  readonly ready: Promise<void>;
  /** Messages that have come. */
  readonly count: number;
  onMessages: OnMessages;
  /** Reads nothing more. */
  stop(): void;
  leave(): Promise<void>;
}

/** Ends when so many messages have come to it in all. */
export function hasHeard(listener: Listener, count: number): Promise<void> {
  return new Promise((resolve) => {
    listener.onMessages = (now) => {
      if (now >= count) resolve();
    };
    listener.onMessages(listener.count, listener.count);
  });
}

/** One who says something, too, and can look into what comes. */
export interface Speaker extends Listener {
  /** Hears the text of each message; without it nothing is decoded. */
  onMessage: ((text: string) => void) | undefined;
  say(message: string): void;
}
