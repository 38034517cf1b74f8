import type Router from 'koa-router';
import { type Identity, tokenOf } from '../../auth/identity.ts';
import { type Appearance, parseAppearance, setAppearance } from '../../http/appearance.ts';
import { setLanguage } from '../../http/language.ts';
import { readFields } from '../../http/request/body.ts';
import { redirectOrJson, signedIn, stringField } from '../../http/respond.ts';
import { isLanguage } from '../../shared/i18n.ts';

/** The settings of this browser. */
export function settingsRoutes(
  router: Router,
  { identity }: { readonly identity: Identity },
): void {
  router.get('/settings', async (ctx) => {
    const user = await identity.authenticate(ctx.req, tokenOf(ctx.req));
    await ctx.render('settings', { person: signedIn(user) });
  });

  /**
   * Sets the `theme` and the `density` of the pages, the `panel` of rooms, and the `language`; what is
   * missing stays.
   */
  router.post('/settings', async (ctx) => {
    const fields = await readFields(ctx.req);
    const field = (name: keyof Appearance) => stringField(fields, name) || ctx.state[name];
    const chosen = parseAppearance(field('theme'), field('density'), field('panel'));
    setAppearance(ctx, chosen);
    const language = stringField(fields, 'language');
    if (isLanguage(language)) setLanguage(ctx, language);
    redirectOrJson(ctx, '/settings', chosen);
  });
}
