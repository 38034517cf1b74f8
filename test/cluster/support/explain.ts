/** Longer than anything that goes well was seen to take. */
const LONG_MS = 60_000;

/** Says on stderr what there is to know about a wait that takes long, so that one that never ends explains itself. */
export async function explain<T>(
  what: string,
  waiting: Promise<T>,
  describe: () => Promise<string>,
): Promise<T> {
  let minutes = 0;
  const timer = setInterval(async () => {
    minutes += 1;
    process.stderr.write(`${what}: for ${minutes} min\n${await describe()}\n`);
  }, LONG_MS);
  try {
    return await waiting;
  } finally {
    clearInterval(timer);
  }
}
