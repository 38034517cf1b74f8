import { StartupError } from '../core/errors.ts';
import type { Founding } from '../core/replication.ts';
import type { Envelope } from './envelope.ts';

const PURPOSE = 'founding';
/** The rules by which events are applied: all nodes must have the same. */
export const FORMAT = 1;

/** How the log began, as the engine stores it. */
export function sealFounding(envelope: Envelope, { epoch, base }: Founding): Buffer {
  return envelope.sealJson({ format: FORMAT, epoch, base }, PURPOSE);
}

/** @throws StartupError where the secret or the format of the cluster is another one */
export function readFounding(envelope: Envelope, sealed: Uint8Array): Founding {
  let value: Founding & { readonly format: number };
  try {
    value = envelope.openJson(sealed, PURPOSE) as typeof value;
  } catch {
    throw new StartupError('CHAT_SECRET is not the one of the cluster that uses these servers.');
  }
  const { format, epoch, base } = value;
  if (format !== FORMAT) {
    throw new StartupError(
      `The cluster applies format ${format}, and this version of Typhoon ${FORMAT}: use the same version.`,
    );
  }
  return { epoch, base };
}
