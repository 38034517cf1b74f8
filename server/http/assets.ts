import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Middleware } from 'koa';
import { oncePer } from '../shared/once-per.ts';
import { type Bundle, type BundleOptions, bundle } from './bundle.ts';
import { acceptedEncoding, compress, type Encoding, setEncoded } from './compress.ts';
import { type Script, scriptsOf } from './scripts.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The pages' scripts and styles, bundled in memory: their names change with their content. */
export interface Assets {
  readonly room: Script;
  readonly rooms: Script;
  readonly present: Script;
  readonly remote: Script;
  readonly search: Script;
  readonly roomSettings: Script;
  readonly signIn: Script;
  readonly transports: Script;
  readonly pulse: string;
  readonly style: string;
  readonly dark: string;
  readonly serve: Middleware;
}

let bundled: Promise<Assets> | undefined;

/** Bundled once per process, whatever the number of apps in it. */
export function bundleAssets(): Promise<Assets> {
  bundled ??= read();
  return bundled;
}

/** The oldest supported browsers (docs/browsers.md): newer syntax is lowered. */
export const TARGETS = {
  chrome: '120',
  edge: '120',
  firefox: '140',
  safari: '16.4',
  ios: '16.4',
} as const;

/** How the pages' scripts and styles are bundled. */
export const OPTIONS: BundleOptions = {
  entryPoints: {
    room: 'static/client/room/main.ts',
    rooms: 'static/client/rooms/main.ts',
    present: 'static/client/projector/main.ts',
    remote: 'static/client/remote/main.ts',
    search: 'static/client/search/main.ts',
    'settings-of-room': 'static/client/room-settings/main.ts',
    'sign-in': 'static/client/sign-in/main.ts',
    transports: 'static/client/transport-lab/main.ts',
    pulse: 'static/client/connection/pulse-worker.ts',
    chat: 'static/chat.css',
    dark: 'static/dark.css',
  },
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  // What a page loads later is in a file of its own.
  splitting: true,
  outdir: '/assets',
  minify: true,
  format: 'esm',
  target: Object.entries(TARGETS).map((target) => target.join('')),
};

/** Bundled for what npm packs: see scripts/pack.ts. */
const PACKED = `${ROOT}/assets.json`;

async function readBundle(): Promise<Bundle> {
  if (existsSync(PACKED)) return new Map(JSON.parse(await readFile(PACKED, 'utf8')));
  return bundle(ROOT, OPTIONS, `${ROOT}/node_modules/.cache/assets.json`);
}

async function read(): Promise<Assets> {
  const files = await readBundle();
  const named = (start: string) => [...files.keys()].find((path) => path.includes(start)) ?? '';
  const script = scriptsOf(files);
  return {
    room: script(named('/room-')),
    rooms: script(named('/rooms-')),
    present: script(named('/present-')),
    remote: script(named('/remote-')),
    search: script(named('/search-')),
    roomSettings: script(named('/settings-of-room-')),
    signIn: script(named('/sign-in-')),
    transports: script(named('/transports-')),
    pulse: named('/pulse-'),
    style: named('/chat-'),
    dark: named('/dark-'),
    serve: serve(files),
  };
}

/** Serves the files, compressed for clients that accept it: once, when it is first asked for. */
function serve(files: Bundle): Middleware {
  const compressedFile = oncePer((encoding: Encoding) =>
    oncePer((path: string) => compress(files.get(path) ?? '', encoding, 9)),
  );
  return async (ctx, next) => {
    const file = files.get(ctx.path);
    if (file === undefined) return next();
    const encoding = acceptedEncoding(ctx.req);
    ctx.type = ctx.path.endsWith('.js') ? 'js' : 'css';
    ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
    ctx.vary('Accept-Encoding');
    if (encoding) setEncoded(ctx, await compressedFile(encoding)(ctx.path), encoding);
    // As bytes it is not compressed again.
    else ctx.body = Buffer.from(file);
  };
}
