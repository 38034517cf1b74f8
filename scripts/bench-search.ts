import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { readSearch } from '../server/chat/search.ts';
import { appender } from '../server/store/append.ts';
import { openFolder } from '../server/store/folder.ts';
import { openForWriting } from '../server/store/open.ts';
import { INDEX } from '../server/store/search-index.ts';
import { Store } from '../server/store/store.ts';
import { Corpus, letterOf, wordOf } from './bench/corpus.ts';

/*
 * npm run bench:search [-- --messages 1000000]
 *
 * A history of so many messages: what its index costs, how long searches take in it, and whether
 * they hold up those who post and read meanwhile.
 */

const { values } = parseArgs({ options: { messages: { type: 'string', default: '1000000' } } });
const messages = Number(values.messages);
/** Messages in one commit, as they come from a busy room. */
const GROUP = 100;
/** Searches of each kind. */
const ROUNDS = 100;
const TRIGGERS = ['message_written', 'message_changed', 'message_gone'];

const SEARCHES: readonly (readonly [string, string, string?])[] = [
  ['the most frequent word', wordOf(0)],
  ['a word in a thousand', wordOf(400)],
  ['a rare word', wordOf(29_000)],
  ['no such word', 'zzzzzz'],
  ['two frequent words', `${wordOf(1)} ${wordOf(2)}`],
  ['two frequent words, never together', '"oddly" "evenly"'],
  ['two frequent beginnings, never together', 'odd even'],
  ['a frequent beginning', wordOf(3)],
  ['a frequent word, in a small room', wordOf(0), 'small'],
  ['one letter of Chinese', letterOf(5)],
  ['two letters of Chinese', letterOf(5) + letterOf(9)],
  ['two rare letters of Chinese', letterOf(2_500) + letterOf(3_600)],
  ['four letters of Chinese', [3, 7, 1, 2].map(letterOf).join('')],
  ['ten frequent words', Array.from({ length: 10 }, (_, n) => wordOf(n)).join(' ')],
];

const folder = mkdtempSync(join(tmpdir(), 'typhoon-bench-'));
const file = join(folder, 'chat.sqlite');
try {
  const corpus = new Corpus();
  const db = openForWriting(file);
  for (const name of TRIGGERS) db.exec(`DROP TRIGGER ${name}`);
  db.exec('DROP TABLE found');
  fill(db, corpus, messages);
  const megabytes = size(db);
  const without = fill(db, corpus, 20_000);
  const buildS = seconds(() => db.exec(INDEX));
  const indexed = size(db);
  const withIndex = fill(db, corpus, 20_000);
  console.table({
    'file, MB': { without: megabytes, with: indexed },
    'messages written a second': { without: perSecond(without), with: perSecond(withIndex) },
    'the same of processor time': { without: perCpu(without), with: perCpu(withIndex) },
  });
  console.log(
    `The index of ${messages.toLocaleString('en')} messages was built in ${buildS.toFixed(1)} s.`,
  );
  db.close();
  await search();
} finally {
  rmSync(folder, { recursive: true });
}

interface Cost {
  readonly messages: number;
  readonly wallS: number;
  readonly cpuS: number;
}

function fill(db: DatabaseSync, corpus: Corpus, count: number): Cost {
  const append = appender(db);
  const before = process.cpuUsage();
  const wallS = seconds(() => {
    for (let n = 0; n < count; n += GROUP)
      append(Array.from({ length: GROUP }, () => corpus.next()));
  });
  const { user, system } = process.cpuUsage(before);
  return { messages: count, wallS, cpuS: (user + system) / 1e6 };
}

function perSecond({ messages, wallS }: Cost): number {
  return Math.round(messages / wallS);
}

function perCpu({ messages, cpuS }: Cost): number {
  return Math.round(messages / cpuS);
}

function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

function size(db: DatabaseSync): number {
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  return Math.round(statSync(file).size / 1e6);
}

async function search(): Promise<void> {
  const kept = openFolder(folder);
  const store = await Store.open(kept);
  const find = (text: string, room = 'big') =>
    store.search(room, readSearch(text), Number.MAX_SAFE_INTEGER, 21);
  const all: number[] = [];
  const rows: Record<string, object> = {};
  for (const [what, text, room] of SEARCHES) {
    const { length: found } = await find(text, room);
    const times = await timed(ROUNDS, () => find(text, room));
    all.push(...times);
    rows[what] = { found, ...summary(times) };
  }
  rows['all of them'] = summary(all);
  console.table(rows);
  const corpus = new Corpus();
  const post = () => store.append([{ ...corpus.next(), cid: null }]);
  const read = () => store.before('big', messages, 50);
  const quiet = [await timed(ROUNDS, post), await timed(ROUNDS, read)] as const;
  let isOver = false;
  const searching = (async () => {
    while (!isOver) await find('odd even');
  })();
  const busy = [await timed(ROUNDS, post), await timed(ROUNDS, read)] as const;
  isOver = true;
  await searching;
  console.table({
    'a post, alone': summary(quiet[0]),
    'a post, beside searches': summary(busy[0]),
    'a page of the history, alone': summary(quiet[1]),
    'a page of the history, beside searches': summary(busy[1]),
  });
  await store.close();
  kept.release();
}

async function timed(rounds: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times;
}

function summary(times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(1);
  return { 'median ms': at(0.5), 'p99 ms': at(0.99) };
}
