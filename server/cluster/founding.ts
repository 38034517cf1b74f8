import { StartupError } from '../core/errors.ts';
import type { Founding } from '../core/replication.ts';
import { type Envelope, NewerEnvelope } from './envelope.ts';

const PURPOSE = 'founding';

/** How the log began, as the engine stores it. */
export function sealFounding(envelope: Envelope, { epoch, base, format }: Founding): Buffer {
  return envelope.sealJson({ epoch, base, format }, PURPOSE);
}

/** @throws StartupError where the secret of the cluster is another one, or its version a newer one */
export function readFounding(envelope: Envelope, sealed: Uint8Array): Founding {
  try {
    return envelope.openJson(sealed, PURPOSE) as Founding;
  } catch (error) {
    if (error instanceof NewerEnvelope) {
      throw new StartupError(
        'The cluster was founded by a newer version of Typhoon: use the version of its nodes.',
      );
    }
    throw new StartupError('CHAT_SECRET is not the one of the cluster that uses these servers.');
  }
}
