import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pinClients } from './bench/cores.ts';
import { AttackedServers } from './bench/hostile/attacked-servers.ts';
import { nameOf } from './bench/hostile/case.ts';
import { BOUND_MS, ended, measure, type Row } from './bench/hostile/measure.ts';
import { type MemoryRow, measureMemory } from './bench/hostile/memory.ts';
import { HELP, type HostileOptions, parseOptions } from './bench/hostile/options.ts';
import { type Part, parts } from './bench/hostile/parts.ts';
import { type Measured, overTheBound, page, tables } from './bench/hostile/report.ts';
import { measureStarvation, type StarvationRow } from './bench/hostile/starvation.ts';
import { main } from './bench/main.ts';
import { thisMachine } from './bench/report.ts';

/*
 * npm run bench:hostile [-- --only TEXT] [-- --write]
 *
 * What the most hostile input costs a server in its own process, in CPU time of its event loop and
 * in memory. It fails if something is over the bound.
 */

const doc = fileURLToPath(new URL('../docs/hostile.md', import.meta.url));

await main(parseOptions, HELP, bench);

async function bench({ matches, seconds, writes }: HostileOptions): Promise<void> {
  const isPinned = pinClients();
  const rows: Row[] = [];
  for (const part of parts) rows.push(...(await rowsOf(part, matches)));
  const memory: MemoryRow[] = [];
  for await (const hostileCase of measureMemory((what) => matches(`memory: ${what}`)))
    memory.push(hostileCase);
  const attacks = measureStarvation((attack) => matches(`starvation: ${attack}`), seconds);
  const starvation: StarvationRow[] = [];
  for await (const one of attacks) starvation.push(one);
  const measured: Measured = { rows, memory, starvation };
  console.log(tables(measured));
  const over = overTheBound(measured);
  console.log(`\n${over.length} of ${rows.length + memory.length} are over the bound.`);
  for (const line of over) console.log(line);
  if (over.length > 0) process.exitCode = 1;
  if (writes) writeFileSync(doc, page(measured, thisMachine(isPinned)));
}

/** What is over the bound is printed at once, so that stopping the benchmark does not lose it. */
async function rowsOf(part: Part, matches: HostileOptions['matches']): Promise<readonly Row[]> {
  const cases = [...part.cases()].filter((hostileCase) =>
    matches(`${part.name}: ${nameOf(hostileCase)}`),
  );
  if (cases.length === 0) return [];
  console.error(`${part.name}: ${cases.length} cases`);
  const servers = new AttackedServers({ hasHistory: part.hasHistory });
  const rows: Row[] = [];
  for (const one of cases) {
    const row = (await servers.use((arena) => measure(arena, one))) ?? ended(one);
    if (row.longestMs > BOUND_MS) console.error(`${Math.round(row.longestMs)} ms: ${nameOf(one)}`);
    rows.push(row);
  }
  await servers.close();
  return rows;
}
