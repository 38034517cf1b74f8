import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Contender, Dialect } from './contenders.ts';
import { onAllCores, onServerCore } from './cores.ts';
import { bundledFragment } from './peer-fragment.ts';
import { withTimeout } from './with-timeout.ts';

interface Usage {
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

/** Puts something into a server's folder before it starts. */
export type Seed = (folder: string) => void | Promise<void>;

const METER = new URL('./meter.mjs', import.meta.url).href;
/** A server with a long history scans it before it starts. */
const START_MS = 120_000;
/** The running servers: none outlives this process, however it ends. */
const running = new Map<ChildProcess, string>();
process.on('exit', () => {
  for (const [server, folder] of running) {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A measured server in its own process. */
export class MeasuredServer {
  readonly port: number;
  readonly dialect: Dialect;
  /** From its start to its first response with a page. */
  readonly startMs: number;
  readonly #process: ChildProcess;
  readonly #exited: Promise<never>;
  readonly #folder: string;

  private constructor(
    process: ChildProcess,
    exited: Promise<never>,
    folder: string,
    started: { port: number; dialect: Dialect; startMs: number },
  ) {
    this.#process = process;
    this.#exited = exited;
    this.#folder = folder;
    this.port = started.port;
    this.dialect = started.dialect;
    this.startMs = started.startMs;
  }

  static async start(contender: Contender, fill: Seed = () => {}): Promise<MeasuredServer> {
    const { node, script, cwd, args, dialect, isTyphoon, isOnAllCores } = contender;
    const fragment = isTyphoon ? {} : { TYPHOON_FRAGMENT: await bundledFragment() };
    const folder = mkdtempSync(join(tmpdir(), 'typhoon-bench-'));
    const data = dataIn(folder);
    mkdirSync(data, { mode: 0o700 });
    await fill(data);
    const meter = ['--import', METER];
    const own = [...node, ...meter, script, ...args(data)];
    const [command = '', ...rest] = isOnAllCores ? onAllCores(own) : onServerCore(own);
    const start = performance.now();
    const server = spawn(command, rest, {
      cwd,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: { ...process.env, ...fragment },
    });
    running.set(server, folder);
    const exited = onExit(server);
    try {
      const port = await withTimeout(START_MS, Promise.race([portOf(server), exited]));
      await withTimeout(START_MS, Promise.race([firstPage(port), exited]));
      const startMs = performance.now() - start;
      return new MeasuredServer(server, exited, folder, { port, dialect, startMs });
    } catch (error) {
      server.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The path of its database. */
  get file(): string {
    return join(dataIn(this.#folder), 'chat.sqlite');
  }

  /** Usage of all its threads since its start; its whole memory, or what a collection leaves. */
  usage(memory: 'all' | 'retained' = 'all'): Promise<Usage> {
    return this.query(memory);
  }

  /**
   * Sends a question to the modules that were loaded into the server.
   * @returns the answer of the module that knows the question: one question at a time
   */
  async query<T>(question: string): Promise<T> {
    const answer = once(this.#process, 'message');
    this.#process.send(question);
    const [value] = (await Promise.race([answer, this.#exited])) as [T];
    return value;
  }

  /** Kills the server, and removes its folder. */
  async stop(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited.catch(() => {});
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function dataIn(folder: string): string {
  return join(folder, 'data');
}

/** The port that a server prints. */
function portOf({ stdout }: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    stdout?.on('data', (text: Buffer) => {
      const [, port] = /:(\d+)[,\s]/.exec(text.toString()) ?? [];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

/** Rejects as soon as it has ended. */
function onExit(server: ChildProcess): Promise<never> {
  const exited = once(server, 'exit').then(() => {
    running.delete(server);
    throw new Error('The server has ended.');
  });
  exited.catch(() => {});
  return exited;
}

/** Requests the page until it is served. */
async function firstPage(port: number): Promise<void> {
  while ((await statusOf(port)) !== 200) await pause(2);
}

function statusOf(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    get({ port, host: '127.0.0.1', agent: false }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
    }).once('error', () => resolve(undefined));
  });
}
