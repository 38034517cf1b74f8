import type { EphemeralMessage, Framing } from './framing.ts';

/** The bytes of an ephemeral message, in an encoding. */
export type EncodedFrames = (framing: Framing) => Buffer;

/** An ephemeral message, framed once for each encoding in use. */
export function encodeOnce(tell: EphemeralMessage): EncodedFrames {
  const frames = new Map<Framing, Buffer>();
  return (framing) => {
    const known = frames.get(framing);
    if (known) return known;
    const made = framing.ephemeral(tell);
    frames.set(framing, made);
    return made;
  };
}
