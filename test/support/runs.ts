/** FUZZ=20 npm run test:all -- test/fuzz/*.test.ts test/durability/kill.test.ts tries twenty times as many inputs. */
const FACTOR = Number(process.env.FUZZ ?? 1);

/** How many random inputs to try: few in each run of the tests, as every run has different ones. */
export function runs(usual: number): number {
  return usual * FACTOR;
}
