import { z } from 'zod';
import type { Envelope } from './envelope.ts';

/** Where a node asks for a snapshot: one of the others answers. A snapshot has a subject below it. */
export const SNAPSHOTS = 'typhoon.node.snapshot';
/** Bytes of the file in one message. */
export const CHUNK_BYTES = 256 * 1024;

const REQUEST_PURPOSE = 'snapshot-request';

/** The id of a snapshot is chosen by who asks for it, so that no answer can be that of an earlier one. */
const id = z.string().regex(/^[\w-]{16}$/);

const REQUEST = z.discriminatedUnion('type', [
  z.object({ type: z.literal('begin'), id }),
  /** What it is: it takes a while until that is known. */
  z.object({ type: z.literal('describe'), id }),
  z.object({ type: z.literal('read'), id, offset: z.int().nonnegative() }),
  /** It is not needed any more: because all of it is there, or because it was given up. */
  z.object({ type: z.literal('end'), id, isComplete: z.boolean() }),
]);

/** What a node that needs a snapshot asks. Repeating it is safe. */
export type SnapshotRequest = Readonly<z.infer<typeof REQUEST>>;

const DESCRIPTION = z.object({
  bytes: z.int().positive(),
  sha256: z.string().length(64),
  /** The last place that is in it. */
  place: z.int().nonnegative(),
});

/** What a snapshot is. */
export type SnapshotDescription = Readonly<z.infer<typeof DESCRIPTION>>;

const REPLY = z.discriminatedUnion('type', [
  z.object({ type: z.literal('accepted') }),
  z.object({
    type: z.literal('refused'),
    reason: z.enum(['busy', 'behind', 'no-space', 'failed']),
  }),
  z.object({ type: z.literal('preparing') }),
  z.object({ type: z.literal('ready'), description: DESCRIPTION }),
]);

/** What a node answers, except to `read`: that is answered with bytes. */
export type SnapshotReply = Readonly<z.infer<typeof REPLY>>;

export function sealRequest(envelope: Envelope, request: SnapshotRequest): Buffer {
  return envelope.sealJson(request, REQUEST_PURPOSE);
}

/** @throws where it is not a request of a node of this cluster */
export function readRequest(envelope: Envelope, sealed: Uint8Array): SnapshotRequest {
  return REQUEST.parse(envelope.openJson(sealed, REQUEST_PURPOSE));
}

export function sealReply(envelope: Envelope, to: SnapshotRequest, reply: SnapshotReply): Buffer {
  return envelope.sealJson(reply, purposeOf(to));
}

/** @throws where it is not the answer to this request */
export function readReply(
  envelope: Envelope,
  to: SnapshotRequest,
  sealed: Uint8Array,
): SnapshotReply {
  return REPLY.parse(envelope.openJson(sealed, purposeOf(to)));
}

/** What the answer to a request is sealed for: this one, and no other. */
export function purposeOf(request: SnapshotRequest): string {
  const offset = request.type === 'read' ? `.${request.offset}` : '';
  return `snapshot.${request.id}.${request.type}${offset}`;
}
