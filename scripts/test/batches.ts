/** Files in a process: enough to share its start, few enough for several processes to end together. */
const MAX_FILES = 8;

/**
 * Divides files of tests among processes: those of one folder of `test/`, or several of equal size
 * where it has many. Those that take the longest come first.
 */
export function batches(files: readonly string[]): string[][] {
  const folders = Map.groupBy(files.toSorted(), (file) => file.split('/').slice(0, -1)[1] ?? '');
  return [...folders]
    .toSorted(([a], [b]) => Number(b === 'browser') - Number(a === 'browser'))
    .flatMap(([, all]) => {
      const count = Math.ceil(all.length / MAX_FILES);
      return Array.from({ length: count }, (_, n) => all.filter((_, index) => index % count === n));
    });
}
