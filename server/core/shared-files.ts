/** A file that is shared. */
export interface SharedFile {
  readonly name: string;
  /** Its size, or some more. */
  readonly bytes: number;
  /** When it was shared, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * Where the nodes of a cluster share files: what one of them has put, each can get. A server alone has
 * its own disk only.
 */
export interface SharedFiles {
  /**
   * Puts a file from a path. Resolves when a quorum of the servers has it.
   * @throws ChatError `files-unavailable` where they can't be reached
   */
  put(name: string, path: string): Promise<void>;
  /**
   * Writes a file to a path, where none is yet: completely, as it was put, and to the disk.
   * @returns its size in bytes; `undefined` where there is no such file, and then nothing is written
   * @throws ChatError `files-unavailable`, or what the disk says
   */
  get(name: string, path: string): Promise<number | undefined>;
  /** Repeating it is safe. @throws ChatError `files-unavailable` */
  remove(name: string): Promise<void>;
  /** All of them. @throws ChatError `files-unavailable` */
  list(): Promise<readonly SharedFile[]>;
}
