import type { EphemeralMessage, Framing } from './framing.ts';

/** The bytes of something that is told, in an encoding. */
export type EncodedFrames = (encoding: Framing) => Buffer;

/** What is told beside the log, framed once for each encoding in use. */
export function encodeOnce(tell: EphemeralMessage): EncodedFrames {
  const frames = new Map<Framing, Buffer>();
  return (encoding) => {
    const known = frames.get(encoding);
    if (known) return known;
    const made = encoding.ephemeral(tell);
    frames.set(encoding, made);
    return made;
  };
}
