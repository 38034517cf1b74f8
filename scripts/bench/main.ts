/**
 * Runs a benchmark with the command line's options, and exits: this ends the servers that it
 * started, and removes their folders.
 */
export async function main<T extends object>(
  parseOptions: (args: readonly string[]) => T | 'help',
  help: string,
  bench: (options: T) => Promise<void>,
): Promise<never> {
  process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options === 'help') console.log(help);
    else await bench(options);
    process.exit();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
