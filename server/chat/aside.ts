import type { Encoding } from '../render/encoding.ts';
import type { Aside } from '../render/speech.ts';

/** What is told beside the log, framed once for each encoding in use. */
export function asideFrames(aside: Aside): (encoding: Encoding) => Buffer {
  const frames = new Map<Encoding, Buffer>();
  return (encoding) => {
    const known = frames.get(encoding);
    if (known) return known;
    const made = encoding.aside(aside);
    frames.set(encoding, made);
    return made;
  };
}
