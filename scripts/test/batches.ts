/** Files in a process: enough to share its start, few enough for several processes to end together. */
const MAX_FILES = 8;
/** The folders whose files take the longest, those first that take the most. */
const SLOW = ['browser', 'cluster', 'workers', 'durability', 'fuzz', 'bench', 'features'];

/**
 * Divides files of tests among processes: those of one folder of `test/`, or several of equal size
 * where it has many. Those that take the longest come first.
 */
export function batches(files: readonly string[]): string[][] {
  const folders = Map.groupBy(files.toSorted(), (file) => file.split('/').slice(0, -1)[1] ?? '');
  return [...folders]
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .flatMap(([, all]) => {
      const count = Math.ceil(all.length / MAX_FILES);
      return Array.from({ length: count }, (_, n) => all.filter((_, index) => index % count === n));
    });
}

function rank(folder: string): number {
  return SLOW.includes(folder) ? SLOW.indexOf(folder) : SLOW.length;
}
