import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../free-ports.ts';
import { isRunning } from '../../nats.ts';

/** Debian's, unless the environment names another. */
const REDIS_SERVER = process.env.REDIS_SERVER ?? 'redis-server';

/** Whether there is one to start. */
export function hasRedis(): boolean {
  return spawnSync(REDIS_SERVER, ['--version']).status === 0;
}

/** A Redis server on this machine that passes messages on, and stores none. */
export class RedisServer {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.url = `redis://127.0.0.1:${port}`;
    this.#child = child;
  }

  /** Its clients try again until it is there. */
  static async start(): Promise<RedisServer> {
    const port = await freePort();
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn(REDIS_SERVER, args, { stdio: 'ignore' });
    await once(child, 'spawn');
    return new RedisServer(port, child);
  }

  async kill(): Promise<void> {
    if (!isRunning(this.#child)) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }
}
