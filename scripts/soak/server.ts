import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chat, root } from '../chat.ts';
import type { Sample } from './probe.ts';

const PROBE = new URL('./probe.ts', import.meta.url).href;

/** The soaked server in its own process, as `npm run chat` starts it, with a probe in it. */
export class SoakedServer {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(url: string, server: ChildProcess, folder: string) {
    this.url = url;
    this.#process = server;
    this.#folder = folder;
  }

  static async start(): Promise<SoakedServer> {
    const folder = mkdtempSync(join(tmpdir(), 'typhoon-soak-'));
    const args = ['--port', '0', '--host', '127.0.0.1', '--data', folder, '--limits', 'off'];
    const server = spawn(process.execPath, ['--expose-gc', '--import', PROBE, ...chat, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    process.once('exit', () => server.kill('SIGKILL'));
    for await (const text of server.stdout ?? []) {
      const [, url] = /^Typhoon is running at (\S+) /m.exec(String(text)) ?? [];
      if (url !== undefined) return new SoakedServer(url, server, folder);
    }
    throw new Error('The server ended before it listened.');
  }

  async sample(): Promise<Sample> {
    const answer = once(this.#process, 'message');
    this.#process.send('sample');
    const [sample] = (await answer) as [Sample];
    return sample;
  }

  /** Shuts it down. Returns the exit code. */
  async stop(): Promise<number | null> {
    const exit = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const [code] = (await exit) as [number | null];
    rmSync(this.#folder, { recursive: true, force: true });
    return code;
  }
}
