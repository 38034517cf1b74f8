import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext } from 'node:test';
import { pino } from 'pino';
import { chat, root } from '../../scripts/chat.ts';
import { type App, type AppOptions, startApp } from '../../server/app.ts';
import { PasswordHasher, type ScryptCost } from '../../server/auth/password-hasher.ts';
import type { Config } from '../../server/config.ts';
import { StartupError } from '../../server/core/errors.ts';
import { toStartupError } from '../../server/start-error.ts';
import { TIMEOUTS, type Timeouts } from '../../server/timeouts.ts';

const DEFAULTS: Config = {
  port: 0,
  host: '127.0.0.1',
  data: ':memory:',
  publicUrl: undefined,
  hosts: new Set(),
  origins: new Set(),
  rateLimits: false,
  trustProxy: 0,
  serverPassword: undefined,
  moderatorKey: undefined,
  cluster: [],
  workers: 1,
  secret: undefined,
  frameAncestors: new Set(),
  maxUploadMiB: 10,
  keepDays: null,
  language: 'en',
  metrics: undefined,
  metricsToken: undefined,
  log: 'json',
  tlsCert: undefined,
  tlsKey: undefined,
};

/** Hardly any cost of a password's hash, for tests that do not depend on it. */
export const CHEAP_COST: ScryptCost = { log2N: 1, r: 1, p: 1 };

/** Short where a test waits for it, and long where a busy machine would exceed it. */
const TEST_TIMEOUTS: Partial<Timeouts> = {
  shutdownTimeoutMs: 20,
  idleTimeoutMs: 200_000,
  presenceGraceMs: 200,
  imageQueueTimeoutMs: 200_000,
  imageTimeoutMs: 200_000,
};

/** A scope with cleanup: a test, or all tests of a file. */
export interface Scope {
  after(end: () => void | Promise<void>): void;
}

type LogLine = Readonly<Record<string, unknown>>;

/** An app in this process, on a free port, closed when the test ends; with the lines of its log. */
export async function openApp(
  t: Scope,
  config: Partial<Config> = {},
  timing: Partial<Timeouts> = {},
  options: Pick<AppOptions, 'interfaces'> = {},
): Promise<App & { readonly port: number; readonly lines: readonly LogLine[] }> {
  const lines: LogLine[] = [];
  const app = await startApp(
    { ...DEFAULTS, ...config },
    {
      timeouts: { ...TIMEOUTS, ...TEST_TIMEOUTS, ...timing },
      passwordHasher: new PasswordHasher(CHEAP_COST),
      logger: pino({ level: 'warn' }, { write: (line) => lines.push(JSON.parse(line)) }),
      ...options,
    },
  );
  t.after(() => app.close());
  return { ...app, port: Number(new URL(app.url).port), lines };
}

/** The error of a server that does not start in a data directory, before it exits with 1. */
export async function startupError(t: Scope, data: string): Promise<string> {
  try {
    await openApp(t, { data });
  } catch (error) {
    const reason = toStartupError(error);
    if (reason instanceof StartupError) return reason.message;
    throw error;
  }
  throw new Error('The server has started.');
}

/**
 * An app for all tests of a suite, or of a file where it is called outside of suites: for tests that
 * do not disturb each other, each in a room of its own.
 */
export function suiteApp(config: Partial<Config> = {}) {
  let app: Awaited<ReturnType<typeof openApp>> | undefined;
  let rooms = 0;
  const opened = () => {
    if (!app) throw new Error('The app is opened before the first test, and not earlier.');
    return app;
  };
  before(async () => {
    app = await openApp({ after: () => {} }, config);
  });
  after(() => app?.close());
  return {
    get port(): number {
      return opened().port;
    },
    get url(): string {
      return opened().url;
    },
    /** The port, and the name of a room that nobody has used. */
    newRoom(): { readonly port: number; readonly room: string } {
      rooms += 1;
      return { port: opened().port, room: `room-${rooms}` };
    },
  };
}

/** A new folder, removed when the test ends. */
export function temporaryFolder(t: Scope): string {
  const folder = mkdtempSync(join(tmpdir(), 'typhoon-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A server in its own process, as `npm run chat` starts it. */
export class ServerProcess {
  readonly child: ChildProcess;
  readonly #exit: Promise<unknown>;
  #output = '';

  /**
   * @param within a command that runs the server, before its own arguments
   * @param program the arguments of node that run it
   */
  constructor(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    within: readonly string[] = [],
    program: readonly string[] = chat,
  ) {
    const [command = '', ...rest] = [...within, process.execPath, ...program, ...args];
    this.child = spawn(command, rest, {
      cwd: root,
      env: { ...process.env, ...env },
    });
    this.#exit = once(this.child, 'close');
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  /** Everything it has printed, but the lines of the log that only say that it runs or ends. */
  get output(): string {
    return this.#output.replace(/^\{"level":30,.*\n/gm, '');
  }

  /** The lines it has printed after its address, that for others and the owner link. */
  get linesAfterStart(): readonly string[] {
    return this.output.trim().split('\n').slice(3);
  }

  /** The log lines in it. */
  get lines(): readonly LogLine[] {
    const lines = this.output.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line));
  }

  get codes(): readonly unknown[] {
    return this.lines.map(({ code }) => code);
  }

  /** Waits until it prints its address. Returns the port. */
  async listening(): Promise<number> {
    for (;;) {
      const [, port] = /^Typhoon is running at \S+:(\d+) /m.exec(this.#output) ?? [];
      if (port !== undefined) return Number(port);
      if (this.child.exitCode !== null) throw new Error(`The server ended: ${this.#output}`);
      await this.printed();
    }
  }

  /** Waits until it prints something, or ends. */
  async printed(): Promise<void> {
    const stop = new AbortController();
    const streams = [this.child.stdout, this.child.stderr];
    const more = streams.map((stream) => once(stream ?? this.child, 'data', stop));
    await Promise.race([...more, this.#exit]);
    stop.abort();
  }

  /** Sends a signal and waits for the exit. Returns the exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    this.child.kill(signal);
    return this.ended();
  }

  async ended(): Promise<number | NodeJS.Signals | null> {
    await this.#exit;
    return this.child.exitCode ?? this.child.signalCode;
  }
}

/** Starts a server process, killed when the test ends, if it is still running. */
export function spawnServer(t: TestContext, ...how: ConstructorParameters<typeof ServerProcess>) {
  const server = new ServerProcess(...how);
  t.after(() => server.end('SIGKILL'));
  return server;
}

/** The same for a program other than the one of this checkout. */
export function spawnProgram(t: TestContext, program: string, args: readonly string[]) {
  return spawnServer(t, args, {}, [], [program]);
}
