import { rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Envelope } from './envelope.ts';
import { type CopyStore, OutgoingSnapshot } from './outgoing-snapshot.ts';
import {
  purposeOf,
  readRequest,
  SNAPSHOTS,
  type SnapshotDescription,
  type SnapshotReply,
  type SnapshotRequest,
  sealReply,
} from './snapshot-messages.ts';
import { hasSpaceFor } from './snapshot-space.ts';

/** One node of the group gets each request for a new snapshot. */
const GROUP = 'typhoon';
/** A snapshot that nobody asks for during this time is removed. */
const IDLE_MS = 30_000;
/** And after this time in any case. */
const MAX_MS = 60 * 60_000;

interface Parts {
  /** A connection of its own: messages do not wait behind a snapshot. */
  readonly connection: NatsConnection;
  readonly envelope: Envelope;
  /** The database, and where a copy of it may be put. */
  readonly database: string;
  readonly file: string;
  readonly copy: CopyStore;
  /** Whether this node has all of the log. */
  readonly isLevel: () => boolean;
  readonly onSent: (snapshot: SnapshotDescription) => void;
}

/** Sends copies of the store to nodes that lack the history, one at a time. */
export class SnapshotSender {
  readonly #parts: Parts;
  readonly #requests: Subscription;
  #current:
    | {
        readonly snapshot: OutgoingSnapshot;
        readonly requests: Subscription;
        readonly end: NodeJS.Timeout;
        readonly idle: NodeJS.Timeout;
      }
    | undefined;
  /** The removal of the last one: its file is used again. */
  #removed: Promise<void>;

  constructor(parts: Parts) {
    this.#parts = parts;
    // A server that was killed may have left one, with what was deleted since.
    this.#removed = rm(parts.file, { force: true }).catch(() => undefined);
    this.#requests = this.#subscribe(SNAPSHOTS, GROUP);
  }

  async close(): Promise<void> {
    this.#requests.unsubscribe();
    this.#end();
    await this.#removed;
  }

  #subscribe(subject: string, queue?: string): Subscription {
    const callback = (error: Error | null, message: Msg) => {
      if (!error) void this.#answer(message);
    };
    return this.#parts.connection.subscribe(subject, { callback, ...(queue && { queue }) });
  }

  async #answer(message: Msg): Promise<void> {
    const { envelope } = this.#parts;
    try {
      const request = readRequest(envelope, message.data);
      if (request.type === 'read') {
        const chunk = await this.#read(request);
        if (chunk) message.respond(envelope.seal(chunk, purposeOf(request)));
      } else {
        message.respond(sealReply(envelope, request, await this.#reply(request)));
      }
    } catch {
      // It is not from a node, or its answer cannot be sent: who asked asks again.
    }
  }

  async #read({ id, offset }: Extract<SnapshotRequest, { readonly type: 'read' }>) {
    const current = this.#current;
    if (current?.snapshot.id !== id) return undefined;
    current.idle.refresh();
    return current.snapshot.read(offset);
  }

  async #reply(request: SnapshotRequest): Promise<SnapshotReply> {
    const { type, id } = request;
    if (type === 'begin') return this.#begin(id);
    const current = this.#current;
    if (current?.snapshot.hasFailed) this.#end();
    if (current?.snapshot.id !== id || current.snapshot.hasFailed) {
      return { type: 'refused', reason: 'failed' };
    }
    current.idle.refresh();
    const { description } = current.snapshot;
    if (type === 'end') this.#end();
    if (!description) return { type: 'preparing' };
    if (type === 'end' && request.isComplete) this.#parts.onSent(description);
    return { type: 'ready', description };
  }

  async #begin(id: string): Promise<SnapshotReply> {
    const { isLevel, file, copy } = this.#parts;
    if (this.#current?.snapshot.id === id) return { type: 'accepted' };
    if (!isLevel()) return { type: 'refused', reason: 'behind' };
    if (this.#current) return { type: 'refused', reason: 'busy' };
    if (!(await this.#hasSpace())) return { type: 'refused', reason: 'no-space' };
    await this.#removed;
    if (this.#current) return { type: 'refused', reason: 'busy' };
    const end = () => this.#end();
    this.#current = {
      snapshot: new OutgoingSnapshot(id, file, copy),
      requests: this.#subscribe(`${SNAPSHOTS}.${id}`),
      end: setTimeout(end, MAX_MS).unref(),
      idle: setTimeout(end, IDLE_MS).unref(),
    };
    return { type: 'accepted' };
  }

  async #hasSpace(): Promise<boolean> {
    const { database, file } = this.#parts;
    const { size } = await stat(database);
    return hasSpaceFor(size, dirname(file));
  }

  #end(): void {
    const current = this.#current;
    if (!current) return;
    this.#current = undefined;
    clearTimeout(current.end);
    clearTimeout(current.idle);
    current.requests.unsubscribe();
    this.#removed = current.snapshot.close().catch(() => undefined);
  }
}
