import { parentPort, workerData } from 'node:worker_threads';
import { maintenance } from './maintenance.ts';
import { openForCheckpoint } from './open.ts';
import { serve } from './worker.ts';

/** The path of the database. */
export interface MaintenanceData {
  readonly file: string;
}

// It is opened in the first seconds of a server, beside its first messages: it loads nothing that it
// does not need. It may hold the lock of the database, so it has the priority of the threads that wait.
if (parentPort) {
  const { file } = workerData as MaintenanceData;
  const db = openForCheckpoint(file);
  serve(parentPort, { ...maintenance(db, file), close: () => db.close() });
}
