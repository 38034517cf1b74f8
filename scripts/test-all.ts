import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { batches } from './test/batches.ts';

/*
 * npm run test:all [-- FILE...]: runs all tests but those of several browsers, or those of these
 * files. Node and the server take longer to load than most files take to run, so the files of a
 * folder share processes.
 */

/** Three times the processors: most of the time a test waits, for a browser or another process. */
const PROCESSES = 3 * availableParallelism();
/** After this time a process is ended: something that a test has left open keeps it running. */
const MAX_MS = 20 * 60_000;
const OPTIONS = ['--test', '--test-isolation=none', '--test-timeout=240000'];

const named = process.argv.slice(2);
const files = named.length > 0 ? named : globSync('test/**/*.test.ts');
const queue = batches(
  files.filter((file) => !/^test\/(?:browsers|cluster\/(?:chaos|hang))\//.test(file)),
);

/** Runs a batch, and reports it: in one line if all its tests pass. */
async function run(batch: readonly string[]): Promise<void> {
  const start = performance.now();
  const child = spawn(process.execPath, [...process.execArgv, ...OPTIONS, ...batch], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: MAX_MS,
    killSignal: 'SIGKILL',
  });
  const [output, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const seconds = Math.round((performance.now() - start) / 1_000);
  const [, tests = 'No'] = /^\S tests (\d+)$/m.exec(output) ?? [];
  const what = `${tests} tests in ${seconds} s: ${batch.join(' ')}`;
  if (code === 0) return console.log(`✔ ${what}`);
  process.exitCode = 1;
  console.log(`${output}✖ ${signal ?? `exit code ${code}`}, ${what}`);
}

async function work(): Promise<void> {
  for (let batch = queue.shift(); batch; batch = queue.shift()) await run(batch);
}

if (queue.length === 0) throw new Error('There is no test.');
await Promise.all(Array.from({ length: PROCESSES }, work));
