import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isRunning } from '../../../scripts/nats.ts';
import { SECRET } from '../../support/cluster.ts';
import { ServerProcess } from '../../support/server.ts';
import { explain } from './explain.ts';

interface How {
  readonly port: number;
  /** A folder, which the node finds again when it is started again. */
  readonly data: string;
  /** The NATS servers, by the ways it has to them. */
  readonly urls: readonly string[];
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** A command that runs it. */
  readonly within?: readonly string[] | undefined;
}

/** `/up` answers at once, unless the node hangs. */
const UP_MS = 5_000;
/** Of what a node has printed last, in a description of it. */
const SHOWN_CHARACTERS = 600;

/** A path as a process sees it (proc_pid_root(5)). */
export function seenBy(pid: number | undefined, path: string): string {
  return join(`/proc/${pid}/root`, path);
}

/** A node of a cluster in a process of its own, which can be killed, paused and started again. */
export class ProcessNode {
  readonly port: number;
  readonly #how: How;
  #process: ServerProcess | undefined;

  constructor(how: How) {
    this.port = how.port;
    this.#how = how;
  }

  get process(): ServerProcess {
    if (!this.#process) throw new Error('The node was not started.');
    return this.#process;
  }

  /** Its folder as it sees it: it may have mounted a file system there. */
  get data(): string {
    return seenBy(this.process.child.pid, this.#how.data);
  }

  /** A folder with its database, to be read here: SQLite follows the link that leads into its file system. */
  get readableData(): string {
    const { data, within } = this.#how;
    if (within)
      for (const file of ['chat.sqlite', 'chat.sqlite-wal'])
        copyFileSync(join(this.data, file), join(data, file));
    return data;
  }

  /** Starts it; {@link whenListening} and {@link whenUp} say when it is there. */
  start(): void {
    const { port, data, urls, env, within } = this.#how;
    const args = ['--port', `${port}`, '--data', data, '--limits', 'off'];
    const cluster = { CHAT_CLUSTER: urls.join(','), CHAT_SECRET: SECRET };
    this.#process = new ServerProcess(args, { ...cluster, ...env }, within);
  }

  /** @throws where it ends */
  whenListening(): Promise<unknown> {
    return explain('It does not listen', this.process.listening(), () => this.describe());
  }

  /** What `/up` answers: `ok`, or why it is not. */
  async up(): Promise<string> {
    try {
      const signal = AbortSignal.timeout(UP_MS);
      const response = await fetch(`http://127.0.0.1:${this.port}/up`, { signal });
      return (await response.text()).trim();
    } catch {
      return 'no answer';
    }
  }

  /** @throws where it ends */
  whenUp(isSo: (up: string) => boolean = (up) => up === 'ok'): Promise<string> {
    const until = async () => {
      for (;;) {
        const up = await this.up();
        if (isSo(up)) return up;
        if (!isRunning(this.process.child)) throw new Error(await this.describe());
        await wait(100);
      }
    };
    return explain('It is not as it should be', until(), () => this.describe());
  }

  /** Resolves when it has ended by itself. */
  whenEnded(): Promise<unknown> {
    return explain('It does not end', this.process.ended(), () => this.describe());
  }

  /** For somebody who reads why a test did not end. */
  async describe(): Promise<string> {
    const { child, output } = this.process;
    const end = child.exitCode ?? child.signalCode ?? 'running';
    return `node ${this.port}: ${await this.up()}; ${end}; ${output.slice(-SHOWN_CHARACTERS)}`;
  }

  async kill(): Promise<void> {
    await this.#process?.end('SIGKILL');
  }
}
