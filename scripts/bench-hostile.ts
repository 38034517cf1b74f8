import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pinClients } from './bench/cores.ts';
import { AttackedServers } from './bench/hostile/attacked-servers.ts';
import { nameOf } from './bench/hostile/case.ts';
import { type Choices, HELP, readChoices } from './bench/hostile/choices.ts';
import { BOUND_MS, ended, measure, type Row } from './bench/hostile/measure.ts';
import { type MemoryRow, measureMemory } from './bench/hostile/memory.ts';
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

await main(readChoices, HELP, bench);

async function bench({ matches, seconds, writes }: Choices): Promise<void> {
  const isPinned = pinClients();
  const rows: Row[] = [];
  for (const part of parts) rows.push(...(await rowsOf(part, matches)));
  const kept: MemoryRow[] = [];
  for await (const one of measureMemory((what) => matches(`memory: ${what}`))) kept.push(one);
  const attacks = measureStarvation((attack) => matches(`starvation: ${attack}`), seconds);
  const starved: StarvationRow[] = [];
  for await (const one of attacks) starved.push(one);
  const measured: Measured = { rows, kept, starved };
  console.log(tables(measured));
  const over = overTheBound(measured);
  console.log(`\n${over.length} of ${rows.length + kept.length} are over the bound.`);
  for (const line of over) console.log(line);
  if (over.length > 0) process.exitCode = 1;
  if (writes) writeFileSync(doc, page(measured, thisMachine(isPinned)));
}

/** What is over the bound is printed at once, so that stopping the benchmark does not lose it. */
async function rowsOf(part: Part, matches: Choices['matches']): Promise<readonly Row[]> {
  const cases = [...part.cases()].filter((one) => matches(`${part.name}: ${nameOf(one)}`));
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
