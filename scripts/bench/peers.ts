import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Contender, isThere } from './contenders.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Those of the contenders that can run here; their packages are installed if they were not since the list changed. */
export function readyPeers(contenders: readonly Contender[]): readonly Contender[] {
  const isMissing = contenders.some((contender) => !isThere(contender));
  if (isMissing && !isInstalled()) {
    console.error("Installing what Typhoon is measured against, in the benchmark's own folder …");
    spawnSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }
  for (const { name } of contenders.filter((contender) => !isThere(contender))) {
    console.error(`${name} is left out: what it needs cannot be had as a package here.`);
  }
  return contenders.filter(isThere);
}

function isInstalled(): boolean {
  const [listed, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map(
    (file) => statSync(`${folder}${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return Number(installed) >= Number(listed);
}
