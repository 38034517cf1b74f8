import { pipeline, type Readable, Transform } from 'node:stream';
import type { Context } from 'koa';
import type Router from 'koa-router';
import { writeDenial } from '../../auth/permissions.ts';
import type { User } from '../../auth/user.ts';
import { ChatError } from '../../core/errors.ts';
import { wantsJson } from '../../http/request/accepted-format.ts';
import { withIdleTimeout } from '../../http/request/body-timeout.ts';
import { isMultipart, readMultipart } from '../../http/request/multipart.ts';
import { assertSelection, readNumber } from '../../http/request/query.ts';
import type { RequestLimiter } from '../../limits/shared-rate-limits.ts';
import { MAX_ID } from '../messages/history-query.ts';
import { postView } from '../messages/post-view.ts';
import type { ChatRoom } from '../rooms/chat-room.ts';
import {
  openRoom,
  openRoomAsUser,
  type RoomContext,
  type RoomContextParts,
} from '../rooms/room-context.ts';
import { roomView } from '../rooms/room-view.ts';
import { fileJson, filesHtml, filesJson } from './attachments-view.ts';
import type { FileStore } from './file-store.ts';

export interface FileParts extends RoomContextParts {
  readonly files: FileStore;
  /** The rate limit of uploads from one address; posting them is limited separately. */
  readonly fileLimits: RequestLimiter;
  /** The maximum pause of an upload. */
  readonly bodyIdleTimeoutMs: number;
}

/** Messages with attachments on a page of them. */
const PAGE = 20;
/** No uploaded file can run scripts, whatever it is and however it is opened. */
const POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** The files of a room: uploading and downloading. */
export function fileRoutes(router: Router, parts: FileParts): void {
  const { files, bodyIdleTimeoutMs } = parts;

  /** Uploads a file: the body has its bytes, the query its name. */
  router.post('/rooms/:room/files', async (ctx) => {
    if (isMultipart(ctx.req) || ctx.get('Content-Encoding'))
      throw new ChatError('unsupported-media-type');
    const bytes = lengthOf(ctx);
    files.uploads.assertSize(bytes ?? 0);
    const { room, user: who, recheck } = await openRoomAsUser(ctx, parts);
    assertCanUpload(room, who);
    const name = String(ctx.query.name ?? '');
    const upload = { room: room.name, who, name, bytes, signal: goneSignal(ctx) };
    const file = await withIdleTimeout(ctx.req, ctx.res, bodyIdleTimeoutMs, () =>
      files.uploads.accept(ctx.req, upload),
    );
    recheck();
    ctx.status = 201;
    const { uid, token } = who;
    ctx.body = { file: fileJson(room.name, file), guest: { uid, token } };
  });

  /** The attachments of a room, newest first, with the messages that have them. */
  router.get('/rooms/:room/files', async (ctx) => {
    assertSelection(ctx.query, ['before']);
    const before = readNumber('before', ctx.query.before, { min: 1, max: MAX_ID }) ?? MAX_ID;
    const { room } = await openRoom(ctx, parts);
    const { messages, isMore } = await room.postsWithFiles(before, PAGE);
    const next = isMore ? messages.at(-1)?.id : undefined;
    ctx.set('Cache-Control', 'no-store');
    ctx.vary('Accept');
    if (wantsJson(ctx.req)) {
      const files = messages.flatMap((message) => {
        const { id, uid, name, at } = message;
        const post = { message: id, uid, author: name, at: new Date(at).toISOString() };
        return filesJson(message).map((file) => ({ ...file, ...post }));
      });
      ctx.body = { files, before: next ?? null };
      return;
    }
    const posts = messages.map((message) => ({
      ...postView(message),
      files: filesHtml(message),
    }));
    await ctx.render('panel', { ...roomView(room), tab: 'files', posts, next });
  });

  /** A file of the room; with `preview`, the preview of an image. */
  router.get('/rooms/:room/files/:id', async (ctx) => {
    const { room, recheck } = await openRoom(ctx, parts);
    const isPreview = ctx.query.preview !== undefined;
    const { file, handle, size } = await files.open(room.name, ctx.params.id ?? '', isPreview);
    // A file never changes, but it can be deleted: browsers revalidate it each time.
    ctx.set('Cache-Control', 'private, no-cache');
    ctx.status = 200;
    ctx.etag = isPreview ? `${file.id}-preview` : file.id;
    if (ctx.fresh) {
      await handle.close();
      ctx.status = 304;
      return;
    }
    // From here on it is closed with the response, however that ends.
    ctx.body = pipeline(handle.createReadStream(), whileAdmitted(ctx, recheck), () => {});
    const { picture } = file;
    ctx.attachment(file.name, {
      type: picture ? 'inline' : 'attachment',
      // Latin-1 names would be sent without `filename*`, and browsers read them differently.
      fallback: file.name.replace(/[^\x20-\x7e]/g, '?'),
    });
    const type = isPreview && picture?.preview ? 'image/webp' : picture?.type;
    ctx.set('Content-Type', type ?? 'application/octet-stream');
    ctx.set('Content-Security-Policy', POLICY);
    ctx.length = size;
  });
}

/** Passes bytes on, and aborts the response when the user loses access to the room. */
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

/** The fields of a form, and the error of a rejected file: the rest is still valid. */
export interface ParsedForm {
  readonly fields: unknown;
  readonly fileError?: ChatError | undefined;
}

/** Parses a form with files: each file is replaced by the id that it was stored under. */
export async function readFormWithFiles(
  ctx: Context,
  { files, identity, fileLimits, bodyIdleTimeoutMs }: FileParts,
  { room, user: who, recheck }: RoomContext<User>,
): Promise<ParsedForm> {
  let refusal: ChatError | undefined;
  const [bytes, signal] = [lengthOf(ctx), goneSignal(ctx)];
  const take = async (body: Readable, name: string) => {
    if (!fileLimits.take(identity.address(ctx.req))) throw new ChatError('rate-limited');
    assertCanUpload(room, who);
    return (await files.uploads.accept(body, { room: room.name, who, name, bytes, signal })).id;
  };
  const fields = await withIdleTimeout(ctx.req, ctx.res, bodyIdleTimeoutMs, () =>
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

/** Users who can't post can't fill the disk. @throws ChatError */
function assertCanUpload({ settings }: ChatRoom, user: User): void {
  const denial = writeDenial(settings, user, Date.now());
  if (denial) throw new ChatError(denial);
}

/** The size of the body in bytes, if the request states it. */
function lengthOf(ctx: Context): number | undefined {
  const length = ctx.get('Content-Length');
  return length === '' ? undefined : Number(length);
}

/** Aborted when the client disconnects before it has its response. */
function goneSignal({ res }: Context): AbortSignal {
  const gone = new AbortController();
  const onClose = () => {
    if (!res.writableFinished) gone.abort(new ChatError('bad-request'));
  };
  if (res.closed) onClose();
  else res.once('close', onClose);
  return gone.signal;
}
