import type { Context } from 'koa';
import type Router from 'koa-router';
import { canModerate, canStartPolls, writeDenial } from '../auth/permissions.ts';
import type { User } from '../auth/user.ts';
import { ChatError } from '../core/errors.ts';
import type { TextType } from '../core/fragment.ts';
import { PAGE_BYTES } from '../core/history-pages.ts';
import { acceptedFormat } from '../http/request/accepted-format.ts';
import { readFields } from '../http/request/body.ts';
import { isMultipart } from '../http/request/multipart.ts';
import { languageFor, redirectOrJson, respond, stringField, typeFor } from '../http/respond.ts';
import { filePath, roomPath } from '../shared/routes.ts';
import { type FileParts, readFormWithFiles } from './attachments/routes.ts';
import { newClientId, withFreshId } from './client-id.ts';
import { type Command, parseCommand } from './command.ts';
import { confirmationOf } from './confirmation.ts';
import { membershipText } from './memberships/membership-view.ts';
import { ownMuteText } from './moderation/own-mute.ts';
import type { PreparedSpec } from './polls/events.ts';
import { readPollDraft } from './polls/poll-draft.ts';
import { kindsWith, pollKinds } from './polls/poll-kinds.ts';
import type { PreparedPoll } from './polls/prepared-polls.ts';
import { openRoom, openRoomAsUser, type RoomContext } from './rooms/room-context.ts';
import { stateTexts } from './rooms/room-state.ts';
import { roomView } from './rooms/room-view.ts';

/** Commands of a room, and the pages and lists that belong to them. */
export function commandRoutes(router: Router, parts: FileParts): void {
  async function readWithFiles(ctx: Context, entered: RoomContext<User>): Promise<Command> {
    const { fields, fileError } = await readFormWithFiles(ctx, parts, entered);
    if (fileError) throw fileError;
    return parseCommand(fields);
  }

  /** Executes a command: its `type`, and its fields. */
  router.post('/rooms/:room/commands', async (ctx) => {
    const fields = isMultipart(ctx.req) ? undefined : await readFields(ctx.req);
    const plain = fields === undefined ? undefined : parseCommand(fields);
    const entered = await openRoomAsUser(ctx, parts);
    const { room, user } = entered;
    const command = plain ?? (await readWithFiles(ctx, entered));
    if (command.type === 'post-message') throw new ChatError('unknown-action');
    const isForm = acceptedFormat(ctx.req) === 'html';
    if (
      isForm &&
      stringField(fields, 'confirmed') === '' &&
      (await askFirst(ctx, entered, command, fields))
    )
      return;
    const { cid = null } = command;
    const done = isForm
      ? await withFreshId(cid, (id) => room.execute({ ...command, cid: id }, user))
      : await room.execute(command, user);
    const { uid, token } = user;
    const path = roomPath(room.name);
    const caller = callerOf(fields, path);
    if (caller !== undefined) {
      redirectOrJson(ctx, caller, { guest: { uid, token } });
      return;
    }
    if (command.type === 'delete-room') {
      redirectOrJson(ctx, '/rooms', { guest: { uid, token } });
      return;
    }
    // A change of the settings leads back to their page, unless the user has just transferred the
    // ownership.
    const isSettingsChange =
      done?.change.message?.kind === 'system' && canModerate(room.settings, user);
    const settings = `${path}/settings?done=${command.type}`;
    const isOfPrepared = /^(?:prepare|remove-prepared|move-prepared)-poll$/.test(command.type);
    const back = isOfPrepared ? `${path}/new-poll` : path + viewOf(ctx);
    redirectOrJson(ctx, isSettingsChange ? settings : back, {
      guest: { uid, token },
    });
  });

  /** Asks before a command is executed, with the fields of the command in the query. */
  router.get('/rooms/:room/confirm', async (ctx) => {
    const entered = await openRoom(ctx, parts);
    if (!(await askFirst(ctx, entered, parseCommand(ctx.query))))
      throw new ChatError('unknown-action');
  });

  /** Shows the page that asks before a command is executed. False where nothing would be lost. */
  async function askFirst(
    ctx: Context,
    entered: RoomContext<User | undefined>,
    command: Command,
    form: unknown = {},
  ): Promise<boolean> {
    const confirmation = await confirmationOf(command, entered, languageFor(ctx));
    if (!confirmation) return false;
    const path = roomPath(entered.room.name);
    ctx.set('Cache-Control', 'no-store');
    await ctx.render('confirm', {
      ...confirmation,
      target: `${path}/commands`,
      back: callerOf(form, path) ?? (confirmation.isOfSettings ? `${path}/settings` : path),
      // A form has every value as a string, and none for a box that is not checked.
      fields: Object.entries({
        ...command,
        cid: command.cid ?? newClientId(),
        back: stringField(form, 'back'),
      }).flatMap(([name, value]) => {
        if (value === false || name === confirmation.asksFor) return [];
        return [[name, value === true ? 'on' : String(value ?? '')]];
      }),
    });
    return true;
  }

  /** The prepared polls of the room, as JSON. */
  router.get('/rooms/:room/prepared-polls', async (ctx) => {
    const { room, user, who } = await openRoom(ctx, parts);
    if (!canStartPolls(room.settings, who)) throw new ChatError('polls-restricted');
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { polls: await room.polls.prepared(room.settings, user) };
  });

  /**
   * The prepared polls, and the form that creates a poll: of a `kind`, filled in from the `text` of a
   * message, or with the `prepared` poll of this id.
   */
  router.get('/rooms/:room/new-poll', async (ctx) => {
    const { room, user, who } = await openRoom(ctx, parts);
    if (!canStartPolls(room.settings, who)) throw new ChatError('polls-restricted');
    const denial = writeDenial(room.settings, who, Date.now());
    if (denial) throw new ChatError(denial);
    ctx.set('Cache-Control', 'no-store');
    const prepared = await room.polls.prepared(room.settings, user);
    const edited = prepared.find(({ id }) => `${id}` === ctx.query.prepared);
    if (!edited && ctx.query.prepared !== undefined) throw new ChatError('no-such-poll');
    const draft = readPollDraft(stringField(ctx.query, 'text'));
    const kind = pollKinds.find((name) => name === ctx.query.kind) ?? 'choice';
    await ctx.render('new-poll', {
      ...roomView(room),
      cid: newClientId(),
      kinds: pollKinds,
      kindsWith,
      prepared,
      mayReview: canModerate(room.settings, who),
      ...STANDARD_POLL,
      kind,
      ...draft,
      ...edited,
      images: imagesOf(room.name, edited),
      // The poll's own id: a new poll has none.
      id: edited?.id,
    });
  });

  /** The votes of the user in the polls of the room. */
  router.get('/rooms/:room/votes', async (ctx) => {
    const { room, user } = await openRoom(ctx, parts);
    const type = typeFor(ctx);
    respond(ctx, joined(type, user ? await room.polls.votesOf(user, type, PAGE_BYTES) : []));
  });

  /** Presence, the state of the room, and what a stream sends the user alone: see `subscribe`. */
  router.get('/rooms/:room/presence', async (ctx) => {
    const { room, user, who } = await openRoom(ctx, parts);
    const type = typeFor(ctx);
    const mute = ownMuteText(room.settings, who, type, Date.now());
    const membership = await room.memberships.of(user);
    const own = membership ? [mute, membershipText(membership, type)] : [mute];
    respond(ctx, joined(type, [...stateTexts(room.state, type), ...own]));
  });
}

/** The image of each option that has one: the id of its file, and its address. */
function imagesOf(room: string, { files = [], imageOptions = [] }: Partial<PreparedPoll> = {}) {
  const images = files.map((id, index) => [
    imageOptions[index] ?? index,
    { id, path: filePath(room, id) },
  ]);
  return Object.fromEntries(images);
}

/** What the form for a new poll has at first. */
const STANDARD_POLL: Omit<PreparedSpec, 'kind'> = {
  question: '',
  options: [],
  maxChoices: 1,
  resultsVisibility: 'always',
  canChangeVote: true,
  isAnonymous: true,
  needsApproval: false,
  minutes: null,
};

/** The view of the room that a form was sent from, as a query. */
function viewOf(ctx: Context): string {
  const [, view] = /[?&]view=(now|questions|chat)\b/.exec(ctx.get('Referer')) ?? [];
  return view === undefined ? '' : `?view=${view}`;
}

/** The page that a form is on, where it is another one than the room: its `back` names it. */
function callerOf(fields: unknown, path: string): string | undefined {
  const callers: Readonly<Record<string, string>> = {
    remote: `${path}/remote`,
    settings: `${path}/settings`,
    restrictions: '/admin/restrictions',
    reports: '/admin/reports',
  };
  const back = stringField(fields, 'back');
  return Object.hasOwn(callers, back) ? callers[back] : undefined;
}

/** Concatenated fragments, or a JSON array. */
function joined(type: TextType, texts: readonly string[]): string {
  return type === 'json' ? `[${texts.join(',')}]` : texts.join('');
}
