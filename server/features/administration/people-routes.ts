import type Router from 'koa-router';
import type { Identity } from '../../auth/identity.ts';
import { nameSkeleton } from '../../auth/name-skeleton.ts';
import { ChatError } from '../../core/errors.ts';
import { acceptedFormat } from '../../http/request/accepted-format.ts';
import { readFields } from '../../http/request/body.ts';
import { assertSelection } from '../../http/request/query.ts';
import { redirectOrJson, stringField } from '../../http/respond.ts';
import type { ChatLog } from '../change.ts';
import { uid as uidField } from '../fields.ts';
import type { Store } from '../store.ts';
import { assertOwner, PAGE, pageOf, show, textOf } from './admin-page.ts';
import { MAX_SESSIONS } from './administration-queries.ts';

interface Parts {
  readonly identity: Identity;
  readonly log: ChatLog;
  readonly queries: Pick<Store['queries'], 'people' | 'nameOf'>;
}

/** The names in use, and what the owner does to a user. */
export function peopleRoutes(router: Router, { identity, log, queries }: Parts): void {
  /** The names in use: `search` has what they start with, `after` where the page before ended. */
  router.get('/admin/people', async (ctx) => {
    assertSelection(ctx.query, ['after']);
    await assertOwner(ctx, identity);
    const search = textOf(ctx, 'search');
    const start = nameSkeleton(search);
    const found = await queries.people(start, textOf(ctx, 'after'), PAGE + 1, Date.now());
    const { rows, last } = pageOf(found);
    const next = last && `?${new URLSearchParams({ search, after: last.key })}`;
    const isErased = ctx.query.erased !== undefined;
    await show(ctx, 'people', { people: rows, search, next, most: MAX_SESSIONS, isErased });
  });

  /** Ends all sessions of the user `uid`. A form is asked first, unless it is `confirmed`. */
  router.post('/admin/sign-out', async (ctx) => {
    const fields = await readFields(ctx.req);
    const { session } = await assertOwner(ctx, identity);
    const uid = uidField.safeParse(stringField(fields, 'uid')).data;
    if (uid === undefined) throw new ChatError('bad-request');
    if (acceptedFormat(ctx.req) === 'html' && stringField(fields, 'confirmed') === '') {
      const { t } = ctx.state;
      await ctx.render('confirm', {
        question: t('confirm-sign-out', { who: (await queries.nameOf(uid)) ?? t('guest') }),
        warning: t('sign-out-warning'),
        action: t('sign-out-everywhere'),
        target: '/admin/sign-out',
        back: '/admin/people',
        fields: [['uid', uid]],
      });
      return;
    }
    await log.append({ kind: 'signed-out-everywhere', session, uid });
    redirectOrJson(ctx, '/admin/people', {});
  });

  /** Erases all that the user `uid` wrote and what is stored about them. A form is asked first. */
  router.post('/admin/erase', async (ctx) => {
    const fields = await readFields(ctx.req);
    const owner = await assertOwner(ctx, identity);
    const uid = uidField.safeParse(stringField(fields, 'uid')).data;
    if (uid === undefined) throw new ChatError('bad-request');
    // The owner is told there what becomes of the server, and asked for the password.
    if (uid === owner.uid) {
      redirectOrJson(ctx, '/settings/data', {});
      return;
    }
    if (acceptedFormat(ctx.req) === 'html' && stringField(fields, 'confirmed') === '') {
      const { t } = ctx.state;
      await ctx.render('confirm', {
        question: t('confirm-erase', { who: (await queries.nameOf(uid)) ?? t('guest') }),
        warning: t('erase-person-warning'),
        action: t('erase-person'),
        target: '/admin/erase',
        back: '/admin/people',
        fields: [['uid', uid]],
      });
      return;
    }
    await log.append({ kind: 'person-erased', uids: [uid], session: owner.session });
    redirectOrJson(ctx, '/admin/people?erased', {});
  });
}
