import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chartSvg } from './bench/chart-svg.ts';
import { pinClients } from './bench/cores.ts';
import { main } from './bench/main.ts';
import { type BenchOptions, HELP, parseOptions } from './bench/options.ts';
import type { Part, Row } from './bench/part.ts';
import { readyPeers } from './bench/peers.ts';
import { earlierParts, type Measured, type Report, reportOf, thisMachine } from './bench/report.ts';
import { withTables } from './bench/tables.ts';

/*
 * npm run bench: Typhoon and its alternatives, measured one after another with the same clients,
 * the same template and the same messages. The server has one core, and the clients another.
 */

const page = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));
const docs = fileURLToPath(new URL('../docs/', import.meta.url));

await main(parseOptions, HELP, bench);

async function bench({ parts, contenders, scale, writes }: BenchOptions): Promise<void> {
  const ready = readyPeers(contenders);
  const isPinned = pinClients();
  if (!isPinned) console.error('Servers and clients share the cores: two and taskset are needed.');
  const machine = thisMachine(isPinned);
  let measured = writes ? earlierParts(`${docs}bench.json`, machine) : {};
  let report = reportOf(machine, measured);
  for (const part of parts) {
    console.log(`\n${part.title}`);
    const rows = await rowsOf(part, { contenders: ready, scale });
    console.table(tableOf(rows));
    if (rows.some(({ failed }) => failed !== undefined)) process.exitCode = 1;
    const at = new Date().toISOString();
    const entry: Measured = { title: part.title, at, seconds: scale.seconds, rows };
    measured = { ...measured, [part.name]: entry };
    report = reportOf(machine, measured);
    if (writes) write(report);
  }
  console.log('\nThe goals');
  console.table(
    report.goals.map(({ figure, goal, measured, isMet }) => ({
      figure,
      goal,
      measured: measured === null ? '–' : measured.toLocaleString('en'),
      met: isMet === null ? '–' : isMet ? 'yes' : 'NO',
    })),
  );
}

/** Each row is printed at once, so that it is not lost if the benchmark is interrupted. */
async function rowsOf(part: Part, bench: Parameters<Part['measure']>[0]): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of part.measure(bench)) {
    console.error(
      Object.entries(row)
        .filter(([, value]) => value !== '' && value !== null)
        .map(([name, value]) => `${name}: ${value}`)
        .join(' · '),
    );
    rows.push(row);
  }
  return rows;
}

/** Rows with the same columns, and formatted numbers. */
function tableOf(rows: readonly Row[]) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return rows.map((row) =>
    Object.fromEntries(columns.map((column) => [column, row[column]?.toLocaleString('en') ?? '–'])),
  );
}

function write(report: Report): void {
  mkdirSync(docs, { recursive: true });
  writeFileSync(`${docs}bench.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${docs}bench.svg`, chartSvg(report));
  writeFileSync(page, withTables(readFileSync(page, 'utf8'), report));
}
