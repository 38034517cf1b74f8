/** A message as it stands now: what the events about it add up to. */
export interface Message {
  /** The number of the event that posted it; it names the message. */
  readonly id: number;
  /** The number of the last event that changed it. */
  readonly seq: number;
  readonly room: string;
  readonly uid: string;
  readonly cid: string | null;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}
