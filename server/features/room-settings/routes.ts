import type { Context } from 'koa';
import type Router from 'koa-router';
import { canModerate } from '../../auth/permissions.ts';
import type { User } from '../../auth/user.ts';
import { ChatError } from '../../core/errors.ts';
import { acceptedFormat } from '../../http/request/accepted-format.ts';
import { readFields } from '../../http/request/body.ts';
import { languageFor, redirectOrJson } from '../../http/respond.ts';
import type { MessageKey } from '../../shared/i18n.ts';
import { roomPath } from '../../shared/routes.ts';
import { newClientId, withFreshId } from '../client-id.ts';
import { reportsView } from '../reports/reports-view.ts';
import type { ChatRoom } from '../rooms/chat-room.ts';
import { openRoom, openRoomAsUser, type RoomContextParts } from '../rooms/room-context.ts';
import { roomView } from '../rooms/room-view.ts';
import {
  labelOf,
  readChanges,
  type SettingChange,
  type SettingErrors,
  type SettingName,
  type SettingValues,
  shownValues,
  typedValues,
} from './settings-form.ts';

/** The settings of a room, for moderators. */
export function roomSettingsRoutes(router: Router, parts: RoomContextParts): void {
  router.get('/rooms/:room/settings', async (ctx) => {
    const { room, user } = await openRoom(ctx, parts);
    assertModerator(room, user);
    await showSettings(ctx, room, user, { done: doneKey(ctx.query.done) });
  });

  /**
   * Sets what was changed in the form, each by its own command; none of it if a value is invalid. What
   * is refused where it is applied is said at its field, and the rest is saved.
   */
  router.post('/rooms/:room/settings', async (ctx) => {
    const fields = await readFields(ctx.req);
    const { changes, wrong } = readChanges(fields);
    const { room, user } = await openRoomAsUser(ctx, parts);
    assertModerator(room, user);
    const { saved, errors } =
      wrong.size > 0 ? { saved: [], errors: wrong } : await apply(room, user, changes);
    const [error] = errors.values();
    if (!error) {
      redirectOrJson(ctx, `${roomPath(room.name)}/settings?done=save`, { saved });
      return;
    }
    if (acceptedFormat(ctx.req) !== 'html') throw error;
    ctx.status = error.status;
    await showSettings(ctx, room, user, { values: typedValues(fields), errors, saved });
  });
}

/** Executes the commands one after the other. */
async function apply(room: ChatRoom, user: User, changes: readonly SettingChange[]) {
  const saved: SettingName[] = [];
  const errors = new Map<SettingName, ChatError>();
  for (const { name, command } of changes) {
    try {
      await withFreshId(command.cid ?? null, (cid) => room.execute({ ...command, cid }, user));
      saved.push(name);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      errors.set(name, error);
    }
  }
  return { saved, errors };
}

function assertModerator(room: ChatRoom, user: User | undefined): asserts user is User {
  if (!user || !canModerate(room.settings, user)) throw new ChatError('not-moderator');
}

interface SettingsShown {
  /** What was done before the page was loaded. */
  readonly done?: MessageKey | undefined;
  /** What was typed, if it has to be corrected. */
  readonly values?: SettingValues;
  readonly errors?: SettingErrors;
  /** What was saved of it. */
  readonly saved?: readonly SettingName[];
}

async function showSettings(
  ctx: Context,
  room: ChatRoom,
  user: User,
  { done, values, errors = new Map(), saved = [] }: SettingsShown,
): Promise<void> {
  const { settings } = room;
  const { t } = ctx.state;
  const shown = shownValues(settings);
  const labels = new Set(saved.map((name) => t(labelOf(name))));
  const wrong = Object.fromEntries(
    Array.from(errors, ([name, { code, details }]) => [name, t(code, details)]),
  );
  ctx.set('Cache-Control', 'no-store');
  await ctx.render('room-settings', {
    ...roomView(room),
    cid: newClientId(),
    settings,
    shown,
    values: values ?? shown,
    wrong,
    saved: new Intl.ListFormat(languageFor(ctx)).format(labels),
    people: room.state.people.filter(({ uid }) => uid !== user.uid),
    reports: reportsView(await room.reports(user.uid), languageFor(ctx)),
    done,
    person: user,
  });
}

/** What the page says after a command or a change; `undefined` before one. */
function doneKey(done: unknown): MessageKey | undefined {
  if (done === undefined) return undefined;
  return done === 'clear-history' || done === 'ban' ? `done-${done}` : 'settings-saved';
}
