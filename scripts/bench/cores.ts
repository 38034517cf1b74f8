import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The core of the servers, if they have one of their own. */
let serverCore: number | undefined;
/** The cores that this process could use before it was pinned. */
let allCores: readonly number[] = [];

/**
 * Pins the clients, which are this process and its children, to one core, and the servers to
 * another.
 * @returns whether that is possible here: on Linux, with two cores
 */
export function pinClients(): boolean {
  allCores = allowed();
  const [first, second] = allCores;
  if (first === undefined || second === undefined) return false;
  const all = ['--all-tasks', '--cpu-list', '--pid', `${second}`, `${process.pid}`];
  if (spawnSync('taskset', all).status !== 0) return false;
  serverCore = first;
  return true;
}

/** Wraps a command to run on the servers' core. */
export function onServerCore(command: readonly string[]): readonly string[] {
  return serverCore === undefined
    ? command
    : ['taskset', '--cpu-list', `${serverCore}`, ...command];
}

/** Wraps a command to run on all cores. */
export function onAllCores(command: readonly string[]): readonly string[] {
  return serverCore === undefined
    ? command
    : ['taskset', '--cpu-list', allCores.join(','), ...command];
}

/** The cores that this process may use. */
function allowed(): readonly number[] {
  if (process.platform !== 'linux') return [];
  const [, list = ''] =
    /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
  return list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, n) => from + n);
  });
}
