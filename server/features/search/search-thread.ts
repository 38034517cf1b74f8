import { parentPort, workerData } from 'node:worker_threads';
import { lowerThreadPriority } from '../../storage/thread-priority.ts';

/** The paths of the database and of its index. */
export interface SearchData {
  readonly file: string;
  readonly index: string;
}

// Indexing can wait; delivering messages cannot. Loading the modules takes longer than what they do at
// first, and comes beside the first messages of a server: the priority is lowered before.
lowerThreadPriority('all');
if (parentPort) {
  const { file, index } = workerData as SearchData;
  const [{ openForReading }, { serve }, { searcher }] = await Promise.all([
    import('../../storage/open.ts'),
    import('../../storage/worker.ts'),
    import('./search.ts'),
  ]);
  const db = openForReading(file);
  const search = searcher(db, index);
  serve(parentPort, {
    ...search,
    close() {
      search.close();
      db.close();
    },
  });
}
