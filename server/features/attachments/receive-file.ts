import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Hold } from './disk-space.ts';
import { SNIFFED_BYTES } from './sniff.ts';

export interface Received {
  readonly size: number;
  /** Its first bytes. */
  readonly start: Buffer;
}

interface Options {
  readonly hold: Hold;
  /** Throws if a file can't have this many bytes. */
  readonly check: (bytes: number) => void;
}

/** Writes a body to a new file, within the limit, and syncs it to the disk. */
export async function receive(
  body: Readable,
  path: string,
  { hold, check }: Options,
): Promise<Received> {
  const handle = await open(path, 'wx', 0o600);
  let size = 0;
  let start: Buffer = Buffer.alloc(0);
  async function* counted() {
    // The request stays open: errors still have to be sent in the response.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      check(size);
      if (start.length < SNIFFED_BYTES) start = Buffer.concat([start, chunk]);
      yield chunk;
      hold.wrote(chunk.length);
    }
  }
  try {
    await handle.writeFile(counted());
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { size, start };
}
