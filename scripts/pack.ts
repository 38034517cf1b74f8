import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transform } from 'esbuild';
import { OPTIONS } from '../server/http/assets.ts';
import { build as bundle } from '../server/http/bundle.ts';
import { root } from './chat.ts';

/*
 * Makes `build/` for `npm pack`, which calls it before, and with `--clean` after it: the server without
 * types, because Node strips none in `node_modules`, and the bundle of the pages.
 */

/** The tree of dependencies as it is tested: npm installs it for a package that has this file. */
const SHRINKWRAP = join(root, 'npm-shrinkwrap.json');
const BUILD = join(root, 'build');
/** The path of a module of ours, in an import or in `new URL`. */
const MODULE = /(["'])(\.{1,2}\/[^"']+)\.ts\1/g;

async function build(): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  write('package.json', JSON.stringify({ version: manifest.version, type: 'module' }));
  for (const file of globSync('server/**/*.{ts,json}', { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8');
    if (file.endsWith('.json')) write(file, text);
    else write(file.replace(/ts$/, 'js'), await withoutTypes(text));
  }
  for (const folder of ['templates', 'static/public', 'scripts/require-node.cjs'])
    cpSync(join(root, folder), join(BUILD, folder), { recursive: true });
  write('assets.json', JSON.stringify((await bundle(root, OPTIONS)).files));
  cpSync(join(root, 'package-lock.json'), SHRINKWRAP);
}

async function withoutTypes(text: string): Promise<string> {
  const { code } = await transform(text, {
    loader: 'ts',
    format: 'esm',
    target: 'node24',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return code.replace(MODULE, '$1$2.js$1');
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(BUILD, file)), { recursive: true });
  writeFileSync(join(BUILD, file), text);
}

rmSync(BUILD, { recursive: true, force: true });
rmSync(SHRINKWRAP, { force: true });
if (!process.argv.includes('--clean')) await build();
