import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts } from './free-ports.ts';

/** Debian's, unless the environment names another. */
const NATS_SERVER = process.env.NATS_SERVER ?? 'nats-server';

/**
 * What a server tells the others of its address for routes: nothing listens there, so that they reach it
 * by the routes that they are given, which may be proxies, and by no way around these.
 */
const NOWHERE = '127.0.0.1:9';

/** A server that hangs does not answer. */
const HEALTH_MS = 2_000;

export function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** A NATS server with JetStream on this machine, alone or one of those whose data is in the same folder. */
export class NatsServer {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  /** Where its data is. */
  readonly data: string;
  readonly #config: string;
  readonly #health: string;
  #child: ChildProcess | undefined;

  /** @param ports for clients, for its health, for the other servers, and those of the others for it */
  constructor(folder: string, name: string, ports: readonly number[]) {
    const [port, health, own, ...others] = ports;
    this.name = name;
    this.port = port ?? 0;
    this.#health = `http://127.0.0.1:${health}/healthz`;
    this.url = `nats://127.0.0.1:${port}`;
    this.data = join(folder, name);
    mkdirSync(this.data, { recursive: true });
    this.#config = join(folder, `${name}.conf`);
    const routes = others.map((route) => `nats-route://127.0.0.1:${route}`);
    writeFileSync(
      this.#config,
      `server_name: ${name}
listen: 127.0.0.1:${port}
http: 127.0.0.1:${health}
jetstream { store_dir: ${JSON.stringify(this.data)}, max_file_store: 8GB, max_memory_store: 64MB }
${routes.length > 0 ? `cluster { name: ${JSON.stringify(basename(folder))}, listen: 127.0.0.1:${own}, advertise: "${NOWHERE}", routes: [${routes.join(', ')}] }` : ''}
`,
    );
  }

  /**
   * Starts it, unless it runs.
   * @param within a command that runs it, before its own
   */
  start(within: readonly string[] = []): void {
    if (this.#child && isRunning(this.#child)) return;
    const [command = '', ...args] = [...within, NATS_SERVER, '-c', this.#config];
    this.#child = spawn(command, args, { stdio: 'ignore' });
    // Without the program it is as if it had ended.
    this.#child.on('error', () => {});
  }

  /**
   * Resolves when it is as current as the others: only then may the next one be stopped.
   * @throws where it ends
   */
  async whenHealthy(): Promise<void> {
    while (!(await this.#isHealthy())) {
      if (!this.#child || !isRunning(this.#child)) throw new Error(`${this.name} has ended.`);
      await wait(200);
    }
  }

  async #isHealthy(): Promise<boolean> {
    try {
      return (await fetch(this.#health, { signal: AbortSignal.timeout(HEALTH_MS) })).ok;
    } catch {
      return false;
    }
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Stops it in the middle of its work, as a machine that hangs, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** Ends it as a power cut ends a process, and waits for that. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || !isRunning(child)) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
}

/**
 * Three NATS servers that know each other, with their data in a folder.
 * @param routeTo the port by which a server reaches the port of another: its own, or that of a proxy
 */
export async function natsServers(
  folder: string,
  routeTo: (from: number, to: number, port: number) => Promise<number> = async (_, __, port) =>
    port,
): Promise<readonly NatsServer[]> {
  const names = ['n1', 'n2', 'n3'];
  const ports = await freePorts(3 * names.length);
  const routes = ports.slice(2 * names.length);
  return Promise.all(
    names.map(async (name, index) => {
      const others = await Promise.all(
        routes.flatMap((port, other) => (other === index ? [] : routeTo(index, other, port))),
      );
      const own = [ports[index] ?? 0, ports[names.length + index] ?? 0, routes[index] ?? 0];
      return new NatsServer(folder, name, [...own, ...others]);
    }),
  );
}
