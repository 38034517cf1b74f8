import { open } from 'node:fs/promises';
import { jetstream } from '@nats-io/jetstream';
import { type ObjectStore, Objm, StorageType } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { ChatError, StartupError } from '../core/errors.ts';
import type { SharedFile, SharedFiles } from '../core/shared-files.ts';
import { withTimeout } from '../core/with-timeout.ts';
import { ConnectionState, connectNats } from './connect.ts';
import { Envelope } from './envelope.ts';
import { replicasOn } from './replicas.ts';
import { retry } from './retry.ts';
import { openFile, SEALED_CHUNK_BYTES, sealFile } from './sealed-file.ts';

const BUCKET = 'TYPHOON_FILES';
const REQUEST_MS = 5_000;
const START_MS = 60_000;
/** What has no answer for this long is given up: a consumer ends with its server, and nobody says so. */
const SILENCE_MS = 10_000;

/** Files in a JetStream object store, sealed as the log is. */
export class NatsFiles implements SharedFiles {
  readonly #connection: NatsConnection;
  readonly #state: ConnectionState;
  readonly #objects: ObjectStore;
  readonly #envelope: Envelope;

  private constructor(connection: NatsConnection, objects: ObjectStore, envelope: Envelope) {
    this.#connection = connection;
    this.#state = new ConnectionState(connection);
    this.#objects = objects;
    this.#envelope = envelope;
  }

  /**
   * Opens them, over a connection of its own: a file must not delay what the others send.
   * @param key 32 bytes, the same on all nodes
   * @throws StartupError where the servers don't store files
   */
  static async open(servers: readonly string[], key: Buffer): Promise<NatsFiles> {
    const connection = await connectNats(servers);
    try {
      const objects = await retry(START_MS, () => {
        const manager = new Objm(jetstream(connection, { timeout: REQUEST_MS }));
        const replicas = replicasOn(servers);
        return manager.create(BUCKET, { storage: StorageType.File, replicas });
      });
      return new NatsFiles(connection, objects, new Envelope(key));
    } catch (error) {
      await connection.close();
      const { message } = error as Error;
      throw new StartupError(`The servers of --cluster can't store files (${message}).`);
    }
  }

  async put(name: string, path: string): Promise<void> {
    const handle = await open(path);
    try {
      const { size } = await handle.stat();
      const source = handle.createReadStream({ autoClose: false });
      const sealed = sealFile(this.#envelope, name, source, size);
      const options = { max_chunk_size: SEALED_CHUNK_BYTES };
      await this.#reach(() => this.#objects.put({ name, options }, streamOf(sealed))).finally(() =>
        sealed.return(undefined),
      );
    } finally {
      await handle.close();
    }
  }

  async get(name: string, path: string): Promise<number | undefined> {
    const found = await this.#reach(() => inTime(this.#objects.get(name)));
    if (!found) return undefined;
    const { data, info, error } = found;
    // It is thrown while the data is read, too.
    error.catch(() => {});
    const handle = await open(path, 'wx', 0o600).catch(async (reason) => {
      await data.cancel();
      throw reason;
    });
    const chunks = openFile(this.#envelope, name, withoutPause(data), info.size);
    let size = 0;
    try {
      for (;;) {
        const { value } = await this.#reach(() => chunks.next());
        if (!value) break;
        await handle.write(value);
        size += value.length;
      }
      await handle.sync();
    } finally {
      await handle.close();
      // Where it was read to its end, this does nothing.
      await chunks.return(undefined);
      await data.cancel();
    }
    return size;
  }

  remove(name: string): Promise<void> {
    return this.#reach(async () => {
      const info = await this.#objects.info(name);
      if (info && !info.deleted) await this.#objects.delete(name);
    });
  }

  async list(): Promise<readonly SharedFile[]> {
    const all = await this.#reach(() => inTime(this.#objects.list()));
    return all.map(({ name, size, mtime }) => ({ name, bytes: size, at: Date.parse(mtime) }));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Without a connection, requests would wait for one. */
  async #reach<T>(request: () => Promise<T>): Promise<T> {
    if (!this.#state.isConnected || this.#connection.isClosed())
      throw new ChatError('files-unavailable');
    try {
      return await request();
    } catch (error) {
      const refusal = new ChatError('files-unavailable');
      refusal.cause = error;
      throw refusal;
    }
  }
}

/** What is generated, as it is read. */
function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { value } = await chunks.next();
      if (value) controller.enqueue(value);
      else controller.close();
    },
  });
}

/** What a stream has, as long as it does not pause for too long. */
async function* withoutPause(data: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = data.getReader();
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read());
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

/** @throws where it takes too long */
function inTime<T>(answer: Promise<T>): Promise<T> {
  return withTimeout(answer, SILENCE_MS, () => {
    throw new Error('There is no answer.');
  });
}
