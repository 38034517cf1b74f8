import { createHash, randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { StartupError } from '../core/errors.ts';
import type { Envelope } from './envelope.ts';
import { retry } from './retry.ts';
import {
  purposeOf,
  readReply,
  SNAPSHOTS,
  type SnapshotDescription,
  type SnapshotReply,
  type SnapshotRequest,
  sealRequest,
} from './snapshot-messages.ts';
import { hasSpaceFor } from './snapshot-space.ts';

/** How long to look for a node that is level: the others may be starting, or send to another node. */
const SEARCH_MS = 60_000;
/** How often to ask whether the copy is made, and for how long: a large one takes minutes. */
const POLL_MS = 500;
const COPY_MS = 30 * 60_000;
const REQUEST_MS = 2_000;
/** How long one chunk may take, with all its attempts. */
const CHUNK_MS = 20_000;
/** A node that sends may be stopped meanwhile: then another one is asked. */
const ATTEMPTS = 3;

interface Parts {
  readonly connection: NatsConnection;
  readonly envelope: Envelope;
  /** Where to write it. */
  readonly file: string;
  /** Is called when it is whole. @throws where it is not to be used */
  readonly check: (file: string) => Promise<void>;
  /** Is called after each chunk. */
  readonly onProgress: (received: number, snapshot: SnapshotDescription) => void;
}

/**
 * Fetches a copy of the store of another node, and checks that it is whole.
 * @throws StartupError where no node sends one; then the file is not there
 */
export async function fetchSnapshot(parts: Parts): Promise<SnapshotDescription> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await new IncomingSnapshot(parts).receive();
    } catch (error) {
      await rm(parts.file, { force: true });
      if (error instanceof StartupError || attempt === ATTEMPTS) throw explained(error);
    }
  }
}

function explained(error: unknown): unknown {
  if (error instanceof StartupError || (error instanceof Error && 'syscall' in error)) return error;
  const { message } = error as Error;
  return new StartupError(
    `This node lacks the history, and no other node of the cluster has sent it (${message}). Start one ` +
      'that has it, and then this one again.',
    { cause: error },
  );
}

class IncomingSnapshot {
  readonly #parts: Parts;
  #id = '';

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async receive(): Promise<SnapshotDescription> {
    await retry(SEARCH_MS, async () => {
      // Another one each time: a node whose answer was lost may be copying under the last one.
      this.#id = randomBytes(12).toString('base64url');
      const reply = await this.#ask({ type: 'begin', id: this.#id }, SNAPSHOTS);
      if (reply.type !== 'accepted') throw new Error(reasonOf(reply));
    });
    let isComplete = false;
    try {
      const snapshot = await this.#described();
      await this.#assertSpace(snapshot);
      await this.#write(snapshot);
      await this.#parts.check(this.#parts.file);
      isComplete = true;
      return snapshot;
    } finally {
      // It is removed there in any case, a little later.
      await this.#ask({ type: 'end', id: this.#id, isComplete }).catch(() => undefined);
    }
  }

  /** What it is, as soon as it is made. */
  async #described(): Promise<SnapshotDescription> {
    for (const end = performance.now() + COPY_MS; performance.now() < end; ) {
      const reply = await retry(CHUNK_MS, () => this.#ask({ type: 'describe', id: this.#id }));
      if (reply.type === 'ready') return reply.description;
      if (reply.type !== 'preparing') throw new Error(reasonOf(reply));
      await wait(POLL_MS);
    }
    throw new Error('the copy takes too long');
  }

  async #assertSpace({ bytes }: SnapshotDescription): Promise<void> {
    const folder = dirname(this.#parts.file);
    if (await hasSpaceFor(bytes, folder)) return;
    throw new StartupError(
      `The history of the cluster has ${bytes} bytes, for which ${folder} has not enough free space.`,
    );
  }

  async #write(snapshot: SnapshotDescription): Promise<void> {
    const { file, onProgress } = this.#parts;
    await rm(file, { force: true });
    await using handle = await open(file, 'wx', 0o600);
    const hash = createHash('sha256');
    for (let offset = 0; offset < snapshot.bytes; ) {
      const chunk = await retry(CHUNK_MS, () => this.#read(offset));
      if (chunk.length === 0) throw new Error('the copy ends too early');
      await handle.write(chunk, 0, chunk.length, offset);
      hash.update(chunk);
      offset += chunk.length;
      onProgress(offset, snapshot);
    }
    if (hash.digest('hex') !== snapshot.sha256) throw new Error('the copy was damaged on its way');
    await handle.sync();
  }

  async #ask(request: SnapshotRequest, subject = `${SNAPSHOTS}.${this.#id}`) {
    return readReply(this.#parts.envelope, request, await this.#request(subject, request));
  }

  async #read(offset: number): Promise<Buffer> {
    const request = { type: 'read', id: this.#id, offset } as const;
    const sealed = await this.#request(`${SNAPSHOTS}.${this.#id}`, request);
    return this.#parts.envelope.open(sealed, purposeOf(request));
  }

  async #request(subject: string, request: SnapshotRequest): Promise<Uint8Array> {
    const { connection, envelope } = this.#parts;
    const options = { timeout: REQUEST_MS };
    return (await connection.request(subject, sealRequest(envelope, request), options)).data;
  }
}

function reasonOf(reply: SnapshotReply): string {
  return reply.type === 'refused' ? `it answered: ${reply.reason}` : 'it answered something else';
}
