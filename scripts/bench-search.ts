import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { appender } from '../server/features/appender.ts';
import { openDatabase } from '../server/features/schema.ts';
import { Store } from '../server/features/store.ts';
import { openDataDir } from '../server/storage/data-dir.ts';
import type { StoreObserver } from '../server/storage/worker-client.ts';
import { typhoon } from './bench/contenders.ts';
import { Corpus, letterOf, wordOf } from './bench/corpus.ts';
import { searchPages } from './bench/search-pages.ts';
import { MeasuredServer } from './bench/server.ts';

/*
 * npm run bench:search [-- --messages 1000000]
 *
 * With a history of so many messages: what its index costs and how long indexing takes, whether it
 * delays posting, how long searches take, and whether they delay posting and reading; and how long
 * they take over HTTP, with the page of their results.
 */

const { values } = parseArgs({ options: { messages: { type: 'string', default: '1000000' } } });
const messages = Number(values.messages);
/** Messages per transaction, as in a busy room. */
const GROUP = 100;
/** Searches of each kind. */
const ROUNDS = 100;
/** Messages per measurement of posting. */
const POSTS = 20_000;
/** How often to check whether everything is indexed. */
const LOOK_MS = 100;
const INDEX_FILE = 'search.sqlite';
const corpus = new Corpus();

/** If the store fails, the benchmark is invalid. */
const OBSERVER: StoreObserver = {
  logWentBack() {},
  callFailed(_method, error) {
    throw error;
  },
  threadDied(error) {
    throw error;
  },
};

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
try {
  await measure();
} finally {
  rmSync(folder, { recursive: true });
}

interface Cost {
  readonly messages: number;
  readonly wallS: number;
  /** Of all threads, including any indexing. */
  readonly cpuS: number;
}

async function measure(): Promise<void> {
  const full = join(folder, 'full');
  const empty = join(folder, 'empty');
  mkdirSync(full, { mode: 0o700 });
  fill(join(full, 'chat.sqlite'));
  // A folder in place of its file disables the index.
  mkdirSync(join(full, INDEX_FILE));
  const without = await inStore(full, (store) => post(store));
  rmSync(join(full, INDEX_FILE), { recursive: true });
  const first = await inStore(empty, (store) => post(store, empty));
  await inStore(full, async (store) => {
    const built = cost(messages);
    // As the server does after its start, while messages are posted.
    const whileIndexing = await post(store);
    await caughtUp(full);
    const build = built();
    const after = await post(store, full);
    console.table({
      'into an empty store, with an index': posts(first),
      'into the full one, without an index': posts(without),
      'while the index is built': posts(whileIndexing),
      'with the index': posts(after),
    });
    console.table({
      history: { MB: megabytes(join(full, 'chat.sqlite')) },
      'its index': {
        MB: megabytes(join(full, INDEX_FILE)),
        'built after s': build.wallS.toFixed(1),
        'processor, s': build.cpuS.toFixed(1),
      },
    });
    await search(store);
  });
  await searchOverHttp(full);
}

function fill(file: string): void {
  const db = openDatabase(file);
  const append = appender(db);
  for (let n = 0; n < messages; n += GROUP) append(group());
  db.close();
}

function group() {
  return Array.from({ length: GROUP }, () => corpus.next());
}

async function inStore<T>(data: string, work: (store: Store) => Promise<T>): Promise<T> {
  const dataDir = openDataDir(data);
  const store = await Store.open(dataDir, OBSERVER);
  const result = await work(store);
  await store.close();
  dataDir.release();
  return result;
}

/** Starts measuring; the returned function ends it. */
function cost(count: number): () => Cost {
  const start = performance.now();
  const before = process.cpuUsage();
  return () => {
    const wallS = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    return { messages: count, wallS, cpuS: (user + system) / 1e6 };
  };
}

/** @param indexed the folder to wait for until its index is complete, if any */
async function post(store: Store, indexed?: string): Promise<Cost> {
  const posted = cost(POSTS);
  for (let n = 0; n < POSTS; n += GROUP) await store.append(group(), Date.now());
  const { wallS } = posted();
  if (indexed) await caughtUp(indexed);
  return { ...posted(), wallS };
}

/** Waits until the whole history is in its index, without querying the server. */
async function caughtUp(data: string): Promise<void> {
  const file = join(data, INDEX_FILE);
  while (!existsSync(file)) await pause(LOOK_MS);
  const chat = new DatabaseSync(join(data, 'chat.sqlite'), { readOnly: true });
  const index = new DatabaseSync(file, { readOnly: true });
  const head = chat.prepare('SELECT max(seq) AS seq FROM events');
  const isWhole = index.prepare('SELECT 1 FROM span WHERE first = 0 AND last = ?');
  while (!isWhole.get(Number(head.get()?.seq))) await pause(LOOK_MS);
  chat.close();
  index.close();
}

function posts({ messages, wallS, cpuS }: Cost) {
  return {
    'messages a second': Math.round(messages / wallS),
    'processor, µs a message': ((cpuS / messages) * 1e6).toFixed(1),
  };
}

function megabytes(file: string): number {
  return Math.round(statSync(file).size / 1e6);
}

async function search(store: Store): Promise<void> {
  const find = (text: string, room = 'big') =>
    store.search({ rooms: [room], text, before: Number.MAX_SAFE_INTEGER, limit: 20 }, 'bench');
  const all: number[] = [];
  const rows: Record<string, object> = {};
  for (const [what, text, room] of SEARCHES) {
    const { length: found } = (await find(text, room)).hits;
    const times = await timed(ROUNDS, () => find(text, room));
    all.push(...times);
    rows[what] = { found, ...summary(times) };
  }
  rows['all of them'] = summary(all);
  console.table(rows);
  const post = () => store.append([{ ...corpus.next(), cid: null }], Date.now());
  const read = () => store.queries.before('big', messages, 50);
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
    'a post, during searches': summary(busy[0]),
    'a page of the history, alone': summary(quiet[1]),
    'a page of the history, during searches': summary(busy[1]),
  });
}

/** The same searches of a server as it ships, by its users: each gets the page of the results. */
async function searchOverHttp(data: string): Promise<void> {
  const server = await MeasuredServer.start(typhoon('Typhoon', () => data));
  try {
    const all: number[] = [];
    const rows: Record<string, object> = {};
    for (const [what, text, room = 'big'] of SEARCHES) {
      // The first of all opens the index.
      if (all.length === 0) await searchPages(server, room, text, ROUNDS);
      const times = await searchPages(server, room, text, ROUNDS);
      all.push(...times);
      rows[what] = summary(times);
    }
    rows['all of them, over HTTP'] = summary(all);
    console.table(rows);
  } finally {
    await server.stop();
  }
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
