import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Middleware } from 'koa';

const here = (path: string) => fileURLToPath(new URL(`../../static/${path}`, import.meta.url));

/** The page's script and style, bundled in memory: their names change with what is in them. */
export interface Assets {
  readonly script: string;
  readonly style: string;
  readonly serve: Middleware;
}

export async function bundleAssets(): Promise<Assets> {
  const { outputFiles } = await build({
    entryPoints: [here('client/main.ts'), here('chat.css')],
    entryNames: '[name]-[hash]',
    outdir: '/assets',
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: ['chrome109', 'firefox115', 'safari16'],
    logLevel: 'silent',
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [path, Buffer.from(contents)]));
  const named = (end: string) => [...files.keys()].find((path) => path.endsWith(end)) ?? '';
  return {
    script: named('.js'),
    style: named('.css'),
    serve: (ctx, next) => {
      const file = files.get(ctx.path);
      if (!file) return next();
      ctx.type = ctx.path.endsWith('.js') ? 'js' : 'css';
      ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
      ctx.body = file;
    },
  };
}
