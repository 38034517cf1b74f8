import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Usage {
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

/** A Typhoon of its own process, as it ships but for the limits, with its log on the disk. */
export class MeasuredServer {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(process: ChildProcess, folder: string, port: number) {
    this.#process = process;
    this.#folder = folder;
    this.port = port;
  }

  static async start(): Promise<MeasuredServer> {
    const folder = mkdtempSync(join(tmpdir(), 'typhoon-bench-'));
    const server = fork(
      new URL('../../server/index.ts', import.meta.url),
      ['--port', '0', '--host', '127.0.0.1', '--data', folder, '--limits', 'off'],
      {
        execArgv: ['--import', new URL('./meter.ts', import.meta.url).href],
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      },
    );
    const [line] = (await once(server.stdout ?? server, 'data')) as [Buffer];
    const [, port] = /:(\d+),/.exec(line.toString()) ?? [];
    return new MeasuredServer(server, folder, Number(port));
  }

  /** Where it keeps what was written. */
  get file(): string {
    return join(this.#folder, 'chat.sqlite');
  }

  /** What all its threads have used since it started. */
  async usage(): Promise<Usage> {
    const answer = once(this.#process, 'message');
    this.#process.send('usage');
    const [usage] = (await answer) as [Usage];
    return usage;
  }

  async stop(): Promise<void> {
    const exit = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await exit;
    rmSync(this.#folder, { recursive: true });
  }
}
