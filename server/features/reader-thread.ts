import { parentPort, workerData } from 'node:worker_threads';
import { openForReading } from '../storage/open.ts';
import { serve } from '../storage/worker.ts';
import { queries } from './queries.ts';
import type { StoreData } from './writer-thread.ts';

if (parentPort) {
  const db = openForReading((workerData as StoreData).file);
  serve(parentPort, { ...queries(db), close: () => db.close() });
}
