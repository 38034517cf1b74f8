import type { Port } from './channel.ts';

/** A process with an IPC channel: a child, or this one in a child. */
interface Connected {
  send?(
    message: unknown,
    handle: undefined,
    options: undefined,
    onSent: (error: Error | null) => void,
  ): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

/** The IPC channel of a process, which serializes in the mode `advanced`: bytes stay bytes. */
export function portOf(process: Connected): Port {
  return {
    // Without a channel any more, the callback gets an error.
    send: (packet, onSent) => process.send?.(packet, undefined, undefined, onSent),
    onPacket(listener) {
      process.on('message', (packet) => listener(packet as Uint8Array));
    },
    onClose: (listener) => void process.on('disconnect', listener),
  };
}
