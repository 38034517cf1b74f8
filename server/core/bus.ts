/**
 * Tells the other nodes of a cluster what is not in the log. It may be lost, and none of it waits: what
 * is told has to be told again, or has to be of no use later.
 */
export interface Bus {
  /** The id of this node, of this run: one that starts again is another node. */
  readonly node: string;
  /** @param body what JSON can hold */
  tell(topic: string, body: unknown): void;
  /**
   * Hears what the other nodes tell, and not what this one does.
   * @param onTold gets what came, which it has to check, and the id of the node that told it
   */
  hear(topic: string, onTold: (body: unknown, node: string) => void): void;
}
