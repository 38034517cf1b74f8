import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };

/** The folder that `npm run chat` runs in. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** The arguments that `npm run chat` passes to node. */
export const [, ...chat] = manifest.scripts.chat.split(' ');
