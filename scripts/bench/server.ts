import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Contender, Dialect } from './contenders.ts';

export interface Usage {
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

const METER = new URL('./meter.mjs', import.meta.url).href;
/** The server's core; the clients have the other. */
const CORE = '0';

/** A server that is measured: a process of its own, on a core of its own. */
export class MeasuredServer {
  readonly port: number;
  readonly dialect: Dialect;
  readonly pid: number;
  /** From its start to its first answer. */
  readonly startMs: number;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(
    process: ChildProcess,
    folder: string,
    started: { port: number; dialect: Dialect; startMs: number },
  ) {
    this.#process = process;
    this.#folder = folder;
    this.port = started.port;
    this.dialect = started.dialect;
    this.startMs = started.startMs;
    this.pid = process.pid ?? 0;
  }

  /** @param fill puts something into its folder before it starts */
  static async start(
    contender: Contender,
    fill: (folder: string) => void = () => undefined,
  ): Promise<MeasuredServer> {
    const folder = mkdtempSync(join(tmpdir(), 'typhoon-bench-'));
    const data = join(folder, 'data');
    mkdirSync(data);
    fill(data);
    const fragment = await bundleFragment(folder);
    const { node, script, args, dialect } = contender;
    const start = performance.now();
    const server = spawn(
      'taskset',
      ['--cpu-list', CORE, node, '--import', METER, script, ...args(data)],
      {
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
        env: { ...process.env, TYPHOON_FRAGMENT: fragment },
      },
    );
    const [line] = (await once(server.stdout ?? server, 'data')) as [Buffer];
    const port = Number(/:(\d+),/.exec(line.toString())?.[1]);
    await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    const startMs = performance.now() - start;
    return new MeasuredServer(server, folder, { port, dialect, startMs });
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

/** What renders a message, for peers that cannot read TypeScript. */
async function bundleFragment(folder: string): Promise<string> {
  const entry = new URL('../../server/render/fragment.ts', import.meta.url);
  const file = join(folder, 'fragment.mjs');
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // Packages are bundled, too: they ask for `require`, which a module has not.
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(entry.href)});`,
    },
    define: { 'import.meta.url': JSON.stringify(entry.href) },
    logLevel: 'silent',
  });
  return pathToFileURL(file).href;
}
