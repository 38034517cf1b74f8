/** What is learned from the last times that the server told: a device whose clock is set is believed again. */
const SAMPLES = 5;

const offsets: number[] = [];

/** The server told its time, in milliseconds since 1970, a little while ago. */
export function learnTime(at: string | undefined): void {
  const offset = Number(at) - Date.now();
  if (at === undefined || Number.isNaN(offset)) return;
  offsets.push(offset);
  if (offsets.length > SAMPLES) offsets.shift();
}

/** The time by the clock of the server, whatever that of the device is. What was told came late, not early. */
export function serverNow(): number {
  return Date.now() + (offsets.length > 0 ? Math.max(...offsets) : 0);
}

/** Whole seconds until a time of the server's, never less than none. */
export function secondsUntil(time: number): number {
  return Math.max(0, Math.ceil((time - serverNow()) / 1_000));
}
