import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onAllCores } from '../cores.ts';
import { type Part, type Row, rounded, rowsOf } from '../part.ts';
import type { Scale } from '../scale.ts';

export const SEND_LOOP = 'a loop of send in C';
const SOURCE = join(import.meta.dirname, '../send-loop.c');
/** What Typhoon sends for a message of 64 letters. */
const DELIVERY_BYTES = 233;

const run = promisify(execFile);

/** What no server on one core can exceed: the system calls alone, without a message to render or store. */
export const sendLoop: Part = {
  name: 'send-loop',
  title: 'Deliveries per CPU second of a loop of send in C',
  async *measure({ scale }) {
    yield* rowsOf({ name: SEND_LOOP }, () => measure(scale));
  },
};

/** @throws Error where there is no C compiler */
async function* measure({ inFlight, waiters, seconds }: Scale): AsyncIterable<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'typhoon-bench-'));
  try {
    const program = join(folder, 'send-loop');
    await run('cc', ['-O2', '-o', program, SOURCE]);
    for (const messages of inFlight) {
      const given = [waiters, messages * DELIVERY_BYTES, seconds].map(String);
      const [command = '', ...args] = onAllCores([program, ...given]);
      const { stdout } = await run(command, args, { timeout: (60 + seconds) * 1_000 });
      yield {
        waiters,
        'in flight': messages,
        'deliveries/CPU-s': rounded(Number(stdout) * messages),
      };
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
