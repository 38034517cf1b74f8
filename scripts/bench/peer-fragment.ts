import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

let bundled: Promise<string> | undefined;

/** The message renderer, bundled once, for peers that cannot read TypeScript. */
export function bundledFragment(): Promise<string> {
  bundled ??= bundleFragment();
  return bundled;
}

async function bundleFragment(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'typhoon-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true }));
  const entry = new URL('../../server/features/messages/fragment.ts', import.meta.url);
  // Of what is bundled, only this looks for files, relative to itself.
  const templates = new URL('../../server/templates.ts', import.meta.url);
  const file = join(folder, 'fragment.mjs');
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // Packages are bundled, too: they need `require`, which modules do not have.
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(entry.href)});`,
    },
    define: { 'import.meta.url': JSON.stringify(templates.href) },
    logLevel: 'silent',
  });
  return pathToFileURL(file).href;
}
