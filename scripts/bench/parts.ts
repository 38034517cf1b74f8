import type { Part } from './part.ts';
import { capacity } from './parts/capacity.ts';
import { cost } from './parts/cost.ts';
import { http } from './parts/http.ts';
import { joins } from './parts/joins.ts';
import { latency } from './parts/latency.ts';
import { memory } from './parts/memory.ts';
import { page } from './parts/page.ts';
import { start } from './parts/start.ts';
import { stopped } from './parts/stopped.ts';
import { store } from './parts/store.ts';

/** In the order they are measured. */
export const parts: readonly Part[] = [
  ...[capacity, cost, latency, memory, joins, start],
  ...[http, stopped, store, page],
];
