import type { Part } from './part.ts';
import { capacity } from './parts/capacity.ts';
import { cpuCost } from './parts/cpu-cost.ts';
import { firstSeconds } from './parts/first-seconds.ts';
import { http } from './parts/http.ts';
import { joins } from './parts/joins.ts';
import { latency } from './parts/latency.ts';
import { memory } from './parts/memory.ts';
import { oneSender } from './parts/one-sender.ts';
import { page } from './parts/page.ts';
import { sendLoop } from './parts/send-loop.ts';
import { slowReaders } from './parts/slow-readers.ts';
import { start } from './parts/start.ts';
import { store } from './parts/store.ts';
import { workers } from './parts/workers.ts';

/** In the order they are measured. */
export const parts: readonly Part[] = [
  ...[capacity, cpuCost, sendLoop, latency, oneSender, firstSeconds, memory, joins, start],
  ...[http, slowReaders, store, page, workers],
];
