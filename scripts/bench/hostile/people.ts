/** The longest name possible: 32 letters, each with all the marks it may have. */
export const LONG_NAME = 'a\u0315\u0300\u05b0\u05b1'.repeat(32);

/** As many different emoji as a message may have; each is a family, the longest possible. */
export const EMOJI: readonly string[] = families(20);

function families(count: number): readonly string[] {
  const tones = Array.from({ length: 5 }, (_, n) => String.fromCodePoint(0x1f3fb + n));
  const all = tones.flatMap((one) =>
    tones.flatMap((other) =>
      one === other
        ? []
        : [`\u{1f9d1}${one}\u200d\u2764\ufe0f\u200d\u{1f48b}\u200d\u{1f9d1}${other}`],
    ),
  );
  return all.slice(0, count);
}

/** A distinct name for each, of letters without look-alikes: names that look alike are refused. */
export function userName(number: number): string {
  return `User ${number.toString(6).replace(/\d/g, (digit) => 'aekstx'.charAt(Number(digit)))}`;
}
