import { pipeline, type Readable, Transform } from 'node:stream';
import type { Context } from 'koa';
import type Router from 'koa-router';
import type { User } from '../../auth/user.ts';
import { ChatError } from '../../core/errors.ts';
import type { Room } from '../../core/room.ts';
import { withIdleTimeout } from '../../http/request/body-timeout.ts';
import { isMultipart, readMultipart } from '../../http/request/multipart.ts';
import {
  openRoom,
  openRoomAsUser,
  type RoomContext,
  type RoomContextParts,
} from '../../http/room-context.ts';
import type { AddressRateLimiter } from '../../limits/rate-limiter.ts';
import { activeSanction, canModerate } from '../moderation/room-settings.ts';
import { fileJson } from './attachments-view.ts';
import type { FileStore } from './file-store.ts';

export interface FileParts extends RoomContextParts {
  readonly files: FileStore;
  /** How many files may come from one address; what is posted as a file is counted already. */
  readonly fileLimits: AddressRateLimiter;
  /** How long one that comes may stop. */
  readonly writeTimeoutMs: number;
}

/** Nothing that people have sent runs, whatever it is and however it is opened. */
const POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** The files of a room: putting one there, for a message to carry, and getting it. */
export function fileRoutes(router: Router, parts: FileParts): void {
  const { files, writeTimeoutMs } = parts;

  /** Takes a file: its bytes are the body, its name is in the query. */
  router.post('/rooms/:room/files', async (ctx) => {
    if (isMultipart(ctx.req) || ctx.get('Content-Encoding')) throw new ChatError('unknown-type');
    const bytes = lengthOf(ctx);
    files.assertSize(bytes ?? 0);
    const { room, user: who, recheck } = await openRoomAsUser(ctx, parts);
    assertCanUpload(room, who);
    const name = String(ctx.query.name ?? '');
    const upload = { room: room.name, who, name, bytes, signal: goneSignal(ctx) };
    const file = await withIdleTimeout(ctx.req, ctx.res, writeTimeoutMs, () =>
      files.accept(ctx.req, upload),
    );
    recheck();
    ctx.status = 201;
    const { uid, token } = who;
    ctx.body = { file: fileJson(room.name, file), visitor: { uid, token } };
  });

  /** A file of the room; with `preview`, the small one of a picture. */
  router.get('/rooms/:room/files/:id', async (ctx) => {
    const { room, recheck } = await openRoom(ctx, parts);
    const isPreview = ctx.query.preview !== undefined;
    const { file, handle, size } = await files.open(room.name, ctx.params.id ?? '', isPreview);
    // What is under an id never changes, but it can be deleted: a browser asks each time whether it is there.
    ctx.set('Cache-Control', 'private, no-cache');
    ctx.status = 200;
    ctx.etag = isPreview ? `${file.id}-preview` : file.id;
    if (ctx.fresh) {
      await handle.close();
      ctx.status = 304;
      return;
    }
    // From here on it is closed with the answer, however that ends.
    ctx.body = pipeline(handle.createReadStream(), whileAdmitted(ctx, recheck), () => {});
    const { picture } = file;
    ctx.attachment(file.name, {
      type: picture ? 'inline' : 'attachment',
      // Letters of Latin-1 alone would go without `filename*`, and browsers do not agree what they are.
      fallback: file.name.replace(/[^\x20-\x7e]/g, '?'),
    });
    const type = isPreview && picture?.preview ? 'image/webp' : picture?.type;
    ctx.set('Content-Type', type ?? 'application/octet-stream');
    ctx.set('Content-Security-Policy', POLICY);
    ctx.length = size;
  });
}

/** Passes bytes on, and cuts the response off when whoever gets them may not be in the room any more. */
function whileAdmitted({ res }: Context, check: () => void): Transform {
  return new Transform({
    transform(chunk, _encoding, done) {
      try {
        check();
        done(null, chunk);
      } catch {
        res.destroy();
        done();
      }
    },
  });
}

/** What a form says, and why a file of it was not taken, if one was not: the rest still counts. */
export interface ParsedForm {
  readonly fields: unknown;
  readonly fileError?: ChatError | undefined;
}

/** Reads a form with files: each file is told by the id that it has been taken under. */
export async function readFormWithFiles(
  ctx: Context,
  { files, identity, fileLimits, writeTimeoutMs }: FileParts,
  { room, user: who, recheck }: RoomContext<User>,
): Promise<ParsedForm> {
  let refusal: ChatError | undefined;
  const [bytes, signal] = [lengthOf(ctx), goneSignal(ctx)];
  const take = async (body: Readable, name: string) => {
    if (!fileLimits.take(identity.address(ctx.req))) throw new ChatError('slow-down');
    assertCanUpload(room, who);
    return (await files.accept(body, { room: room.name, who, name, bytes, signal })).id;
  };
  const fields = await withIdleTimeout(ctx.req, ctx.res, writeTimeoutMs, () =>
    readMultipart(ctx.req, (body, name) =>
      take(body, name).catch((error) => {
        if (!(error instanceof ChatError)) throw error;
        refusal ??= error;
        return '';
      }),
    ),
  );
  recheck();
  return { fields, fileError: refusal };
}

/** Who may not speak does not fill the disk. @throws ChatError */
function assertCanUpload({ settings }: Room, user: User): void {
  if (activeSanction(settings, user, 'silenced', Date.now())) throw new ChatError('silenced');
  if (settings.isLocked && !canModerate(settings, user)) throw new ChatError('locked');
}

/** How many bytes the body has, where the request says it. */
function lengthOf(ctx: Context): number | undefined {
  const length = ctx.get('Content-Length');
  return length === '' ? undefined : Number(length);
}

/** Aborted when the client goes away before it has its answer. */
function goneSignal({ res }: Context): AbortSignal {
  const gone = new AbortController();
  const onClose = () => {
    if (!res.writableFinished) gone.abort(new ChatError('bad-request'));
  };
  if (res.closed) onClose();
  else res.once('close', onClose);
  return gone.signal;
}
