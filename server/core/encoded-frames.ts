import type { Encoding, Tell } from './framing.ts';

/** The bytes of something that is told, in an encoding. */
export type Frames = (encoding: Encoding) => Buffer;

/** What is told beside the log, framed once for each encoding in use. */
export function framesOf(tell: Tell): Frames {
  const frames = new Map<Encoding, Buffer>();
  return (encoding) => {
    const known = frames.get(encoding);
    if (known) return known;
    const made = encoding.beside(tell);
    frames.set(encoding, made);
    return made;
  };
}
