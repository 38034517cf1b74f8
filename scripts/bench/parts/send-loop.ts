import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onAllCores } from '../cores.ts';
import { type Part, rounded } from '../part.ts';

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
    const folder = mkdtempSync(join(tmpdir(), 'typhoon-bench-'));
    try {
      const program = join(folder, 'send-loop');
      await run('cc', ['-O2', '-o', program, SOURCE]);
      for (const inFlight of scale.inFlight) {
        const given = [scale.waiters, inFlight * DELIVERY_BYTES, scale.seconds].map(String);
        const [command = '', ...args] = onAllCores([program, ...given]);
        const { stdout } = await run(command, args, { timeout: (60 + scale.seconds) * 1_000 });
        yield {
          contender: SEND_LOOP,
          waiters: scale.waiters,
          'in flight': inFlight,
          'deliveries/CPU-s': rounded(Number(stdout) * inFlight),
        };
      }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const note = code === 'ENOENT' ? 'needs a C compiler (cc)' : message;
      yield { contender: SEND_LOOP, failed: note };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
