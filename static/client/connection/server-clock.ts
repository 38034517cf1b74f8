/** Uses only the latest samples: a device whose clock is corrected is trusted again. */
const SAMPLES = 5;

const offsets: number[] = [];

/** Learns the server's time, in milliseconds since 1970, as of a moment ago. */
export function learnTime(at: string | undefined): void {
  const offset = Number(at) - Date.now();
  if (at === undefined || Number.isNaN(offset)) return;
  offsets.push(offset);
  if (offsets.length > SAMPLES) offsets.shift();
}

/** The time by the server's clock, whatever the device's is. Samples are late, never early. */
export function serverNow(): number {
  return Date.now() + (offsets.length > 0 ? Math.max(...offsets) : 0);
}

/** Whole seconds until a server time, never negative. */
export function secondsUntil(time: number): number {
  return Math.max(0, Math.ceil((time - serverNow()) / 1_000));
}
