/**
 * The first version of a NATS server that is not known to keep, in one of its copies of the log, what was never
 * confirmed, when its leader was replaced while it ran (nats-server, pull request 5957), nor to lose entries
 * when it is killed (issue 6888).
 */
const FIRST_SOUND = [2, 10, 23] as const;

/** Whether a server is older than that: false for what is no version. */
export function isOutdated(version: string): boolean {
  const [, ...parts] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  if (parts.length === 0) return false;
  for (const [index, least] of FIRST_SOUND.entries()) {
    const part = Number(parts[index]);
    if (part !== least) return part < least;
  }
  return false;
}
