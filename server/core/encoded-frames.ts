import { oncePer } from '../shared/once-per.ts';
import type { EphemeralMessage, Framing } from './framing.ts';

/** The bytes of an ephemeral message, in an encoding. */
export type EncodedFrames = (framing: Framing) => Buffer;

/** An ephemeral message, framed once for each encoding in use. */
export function encodeOnce(message: EphemeralMessage): EncodedFrames {
  return oncePer((framing) => framing.ephemeral(message));
}
