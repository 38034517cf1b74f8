import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };

/** The folder that `npm run chat` runs in. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** The arguments that `npm run chat` passes to node. */
export const chat = nodeArgs(manifest);

/** The same of the package.json of another checkout. */
export function nodeArgs(of: { readonly scripts: { readonly chat: string } }): readonly string[] {
  return of.scripts.chat.split(' ').slice(1);
}
