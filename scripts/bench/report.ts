import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { type Goal, goals } from './goals.ts';
import type { Row } from './part.ts';

/** The measurements of a part, all from one run. */
export interface Measured {
  readonly title: string;
  /** When it ended. */
  readonly at: string;
  /** Of each load. */
  readonly seconds: number;
  readonly rows: readonly Row[];
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  /** Whether servers and clients had a core of their own each. */
  readonly isPinned: boolean;
}

export interface Report {
  readonly machine: Machine;
  readonly parts: Readonly<Record<string, Measured>>;
  readonly goals: readonly Goal[];
}

export function thisMachine(isPinned: boolean): Machine {
  return {
    processor: cpus()[0]?.model ?? arch(),
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: `${type()} ${release()}`,
    node: process.version,
    isPinned,
  };
}

export function reportOf(machine: Machine, parts: Report['parts']): Report {
  return { machine, parts, goals: goals(parts) };
}

/** The parts of an earlier report; those of another machine are dropped. */
export function earlierParts(file: string, machine: Machine): Report['parts'] {
  if (!existsSync(file)) return {};
  const earlier = JSON.parse(readFileSync(file, 'utf8')) as Report;
  return JSON.stringify(earlier.machine) === JSON.stringify(machine) ? earlier.parts : {};
}
