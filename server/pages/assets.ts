import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Middleware } from 'koa';

const here = (path: string) => fileURLToPath(new URL(`../../static/${path}`, import.meta.url));

/** The pages' scripts and style, bundled in memory: their names change with what is in them. */
export interface Assets {
  readonly room: string;
  readonly rooms: string;
  readonly present: string;
  readonly search: string;
  readonly transports: string;
  readonly style: string;
  readonly serve: Middleware;
}

let bundled: Promise<Assets> | undefined;

/** Bundled once in a process, whatever the number of apps in it. */
export function bundleAssets(): Promise<Assets> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<Assets> {
  const { outputFiles } = await build({
    entryPoints: {
      room: here('client/main.ts'),
      rooms: here('client/rooms.ts'),
      present: here('client/present/main.ts'),
      search: here('client/search.ts'),
      transports: here('client/transports/main.ts'),
      chat: here('chat.css'),
    },
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    // What several pages have in common, or a page asks for later, is in a file of its own.
    splitting: true,
    outdir: '/assets',
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: ['chrome109', 'firefox115', 'safari16'],
    logLevel: 'silent',
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [path, Buffer.from(contents)]));
  const named = (start: string) => [...files.keys()].find((path) => path.includes(start)) ?? '';
  return {
    room: named('/room-'),
    rooms: named('/rooms-'),
    present: named('/present-'),
    search: named('/search-'),
    transports: named('/transports-'),
    style: named('/chat-'),
    serve: (ctx, next) => {
      const file = files.get(ctx.path);
      if (!file) return next();
      ctx.type = ctx.path.endsWith('.js') ? 'js' : 'css';
      ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
      ctx.body = file;
    },
  };
}
