import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { batches } from './test/batches.ts';

/*
 * npm run test:all [-- FILE...]: runs the checks of the sources, and all tests but those of several
 * browsers, of nodes of a cluster and of outages; or only the tests of these files. Node and the
 * server take longer to load than most files take to run, so the files of a folder share processes.
 */

/** Three times the processors: most of the time a test waits, for a browser or another process. */
const PROCESSES = 3 * availableParallelism();
/** After this time a process is ended: something that a test has left open keeps it running. */
const MAX_MS = 20 * 60_000;
const OPTIONS = ['--test', '--test-isolation=none', '--test-timeout=240000'];

interface Job {
  readonly what: string;
  readonly command: string;
  readonly args: readonly string[];
}

function testsOf(files: readonly string[]): Job {
  const args = [...process.execArgv, ...OPTIONS, ...files];
  return { what: files.join(' '), command: process.execPath, args };
}

/** The job's last line, and all that it printed if it fails. */
async function run({ what, command, args }: Job): Promise<void> {
  const start = performance.now();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: MAX_MS,
    killSignal: 'SIGKILL',
  });
  const [output, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const seconds = Math.round((performance.now() - start) / 1_000);
  const [, tests] = /^\S tests (\d+)$/m.exec(output) ?? [];
  const all = `${tests ? `${tests} tests` : 'Done'} in ${seconds} s: ${what}`;
  if (code === 0) return console.log(`✔ ${all}`);
  process.exitCode = 1;
  console.log(`${output}✖ ${signal ?? `exit code ${code}`}, ${all}`);
}

async function work(jobs: Job[]): Promise<void> {
  for (let job = jobs.shift(); job; job = jobs.shift()) await run(job);
}

const named = process.argv.slice(2);
const all = globSync('test/**/*.test.ts').filter(
  (file) => !/^test\/(?:browsers|cluster\/[^/]+)\//.test(file),
);
const tests = batches(named.length > 0 ? named : all).map(testsOf);
if (tests.length === 0) throw new Error('There is no test.');
const check = { what: 'npm run check', command: 'npm', args: ['run', '--silent', 'check'] };
const queue = named.length > 0 ? tests : [check, ...tests];
await Promise.all(Array.from({ length: PROCESSES }, () => work(queue)));
