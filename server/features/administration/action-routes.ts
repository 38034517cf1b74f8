import type Router from 'koa-router';
import type { Identity } from '../../auth/identity.ts';
import { assertSelection } from '../../http/request/query.ts';
import { languageFor } from '../../http/respond.ts';
import { displayName } from '../../shared/display-name.ts';
import { type Language, t } from '../../shared/i18n.ts';
import { systemMessageText } from '../moderation/system-message-view.ts';
import type { Store } from '../store.ts';
import { assertOwner, beforeOf, PAGE, show } from './admin-page.ts';
import type { ModeratorAction } from './moderator-actions.ts';

interface Parts {
  readonly identity: Identity;
  readonly queries: Pick<Store['queries'], 'moderatorActions'>;
}

/** What owners and moderators of rooms did. */
export function actionRoutes(router: Router, { identity, queries }: Parts): void {
  /** The latest first, before the number `before`; with `kind=deletions` what they deleted alone. */
  router.get('/admin/actions', async (ctx) => {
    assertSelection(ctx.query, ['before']);
    await assertOwner(ctx, identity);
    const kind = ctx.query.kind === 'deletions' ? 'deletions' : 'all';
    const { actions, next } = await queries.moderatorActions(beforeOf(ctx), PAGE, kind);
    const query = (before: number) => new URLSearchParams({ kind, before: `${before}` });
    await show(ctx, 'actions', {
      actions: actions.map((action) => ({
        room: action.room,
        at: new Date(action.at).toISOString(),
        text: textOf(action, languageFor(ctx)),
      })),
      kind,
      next: next && `?${query(next)}`,
    });
  });
}

function textOf(action: ModeratorAction, language: Language): string {
  if (action.kind === 'system') return systemMessageText(action, language);
  const { author } = action;
  return t(language, 'deleted-message-of', {
    who: displayName(language, action),
    whom: displayName(language, author),
  });
}
