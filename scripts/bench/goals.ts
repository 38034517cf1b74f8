import { all, shipped } from './contenders.ts';
import { rounded } from './part.ts';
import { SEND_LOOP } from './parts/send-loop.ts';
import type { Report } from './report.ts';

export interface Goal {
  readonly figure: string;
  readonly goal: string;
  /** `null` if there is none: it was not measured, or was too much for the server. */
  readonly measured: number | null;
  /** `null` if it was not measured. */
  readonly isMet: boolean | null;
}

type Parts = Report['parts'];
/** `undefined` if it was not measured; not a number if there was no result. */
type Value = (parts: Parts) => number | undefined;

const TYPHOON = shipped.name;
const [, , TORNADO = '', , SOCKET_IO = '', UWS = ''] = all.map(({ name }) => name);
/** How much a value that should stay the same may vary, which is how much runs differ. */
const SAME = 1.2;

/** Looks up a number: in the contender's row in which these columns have these values. */
function at(part: string, column: string, contender = TYPHOON, where: object = {}): Value {
  const wanted = Object.entries({ contender, ...where });
  return (parts) => {
    const row = parts[part]?.rows.find((r) => wanted.every(([key, value]) => r[key] === value));
    const value = row?.[column];
    return row && (typeof value === 'number' ? value : Number.NaN);
  };
}

function ratio(of: Value, to: Value): Value {
  return (parts) => {
    const [above, below] = [of(parts), to(parts)];
    return above === undefined || below === undefined || below === 0
      ? undefined
      : rounded(above / below, 2);
  };
}

const capacity = (contender = TYPHOON) => at('capacity', 'messages/s', contender);
const cost = (inFlight: number, contender = TYPHOON) =>
  at('cpu-cost', 'deliveries/CPU-s', contender, { waiters: 1_000, 'in flight': inFlight });
const sends = (inFlight: number) =>
  at('send-loop', 'deliveries/CPU-s', SEND_LOOP, { 'in flight': inFlight });
const p99 = (rate: number, contender = TYPHOON) =>
  at('latency', 'p99 ms', contender, { 'messages/s': rate });
const held = (rate: number, contender = TYPHOON) =>
  at('one-sender', 'held messages/s', contender, { 'messages/s': rate });
const slowReaders = (count: number, column: string) =>
  at('slow-readers', column, TYPHOON, { 'slow readers': count });
/** With a long history, relative to a short one. */
const longHistory: (column: string) => Value = (column) => (parts) => {
  const rows = parts.store?.rows.filter((row) => typeof row[column] === 'number') ?? [];
  const [small, large] = rows.map((row) => Number(row[column]));
  return small && large ? rounded(large / small, 2) : undefined;
};

/** With a long history: the last row. */
const longSearch: Value = (parts) => {
  const value = parts.store?.rows.at(-1)?.['search p99 ms'];
  return typeof value === 'number' ? value : undefined;
};

/** Of all that was measured on the page, or of what has this in its name. */
const worstOnPage =
  (column: string, where = ''): Value =>
  (parts) => {
    const found = parts.page?.rows.filter(
      (row) => typeof row[column] === 'number' && String(row.what).includes(where),
    );
    return found?.length ? Math.max(...found.map((row) => Number(row[column]))) : undefined;
  };

/** Each with its minimum or maximum. */
const GOALS: readonly (readonly [string, Value, { min: number } | { max: number }])[] = [
  ['capacity, times Socket.IO', ratio(capacity(), capacity(SOCKET_IO)), { min: 8 }],
  ['capacity, times uWebSockets.js', ratio(capacity(), capacity(UWS)), { min: 1.2 }],
  ['1 in flight, times uWebSockets.js', ratio(cost(1), cost(1, UWS)), { min: 0.9 }],
  ['1 in flight, times ws, a render per waiter', ratio(cost(1), cost(1, TORNADO)), { min: 2 }],
  ['64 in flight, deliveries/CPU-s', cost(64), { min: 4_000_000 }],
  ['64 in flight, times Socket.IO', ratio(cost(64), cost(64, SOCKET_IO)), { min: 20 }],
  ['64 in flight, times a loop of send in C', ratio(cost(64), sends(64)), { min: 0.7 }],
  ['1,000 messages/s, p99 ms', p99(1_000), { max: 50 }],
  ['50 messages/s, p99 ms', p99(50), { max: 8 }],
  ['50 messages/s, p99, times uWebSockets.js', ratio(p99(50), p99(50, UWS)), { max: 1.3 }],
  ['200 messages/s, p99, times uWebSockets.js', ratio(p99(200), p99(200, UWS)), { max: 1.3 }],
  ['1,000 messages/s, p99, times uWebSockets.js', ratio(p99(1_000), p99(1_000, UWS)), { max: 0.2 }],
  ['first seconds, 50 messages/s, p99 ms', at('first-seconds', 'p99 ms'), { max: 30 }],
  ['one sender at 2,000/s, times uWebSockets.js', ratio(held(2_000), held(2_000, UWS)), { min: 1 }],
  ['one sender at 3,000/s, times uWebSockets.js', ratio(held(3_000), held(3_000, UWS)), { min: 1 }],
  ['memory, KB a waiter', at('memory', 'KB each'), { max: 9 }],
  ['joins a second', at('joins', 'joins/s'), { min: 3_000 }],
  ['1,000 reconnect at once, ms', at('joins', 'all reconnected ms'), { max: 1_000 }],
  ['the others during that, p99 ms', at('joins', 'others p99 ms'), { max: 100 }],
  ['memory, KB a slow reader', slowReaders(200, 'KB each'), { max: 64 }],
  [
    '200 slow readers, p99 of the others, times that without',
    ratio(slowReaders(200, 'p99 ms'), slowReaders(0, 'p99 ms')),
    { max: 1.3 },
  ],
  ['long history, posts 1 in flight', longHistory('posts/s, 1 in flight'), { min: 1 / SAME }],
  ['long history, posts 64 in flight', longHistory('posts/s, 64 in flight'), { min: 1 / SAME }],
  ['long history, joins', longHistory('joins/s'), { min: 1 / SAME }],
  ['search in a long history, as a page, p99 ms', longSearch, { max: 60 }],
  ['a room on the wire, kB', worstOnPage('kB on the wire'), { max: 90 }],
  ['layout shift of a room that loads', worstOnPage('layout shift'), { max: 0.02 }],
  [
    'a room can be used on a slow phone, ms',
    worstOnPage('interactive ms', 'slow phone'),
    { max: 1_500 },
  ],
  [
    'scrolling through 10,000 messages, longest frame, ms',
    worstOnPage('longest frame ms'),
    { max: 50 },
  ],
  [
    '1,000 messages at once, longest task, ms',
    worstOnPage('longest task ms', 'at once'),
    { max: 100 },
  ],
  ['start, ms', at('start', 'median ms'), { max: 700 }],
];

export function goals(parts: Parts): readonly Goal[] {
  return GOALS.map(([figure, valueIn, bound]) => {
    const value = valueIn(parts);
    const isMin = 'min' in bound;
    const limit = isMin ? bound.min : bound.max;
    const isMet = value === undefined ? null : isMin ? value >= limit : value <= limit;
    const measured = value === undefined || Number.isNaN(value) ? null : value;
    const goal = `${isMin ? 'at least' : 'at most'} ${rounded(limit, 2).toLocaleString('en')}`;
    return { figure, goal, measured, isMet };
  });
}
