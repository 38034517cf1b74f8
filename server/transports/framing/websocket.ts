import type { TextType } from '../../core/fragment.ts';
import { EMPTY, type Framing } from '../../core/framing.ts';
import type { Language } from '../../shared/i18n.ts';
import { oncePer } from '../../shared/once-per.ts';
import { type Format, formatOf } from './format.ts';

/** A WebSocket carries each text in a frame of its own; also what is for one client alone. */
export interface WebSocketFraming extends Framing {
  welcome(...welcome: Parameters<Format['welcome']>): Buffer;
  error(...notice: Parameters<Format['error']>): Buffer;
  ack(...ack: Parameters<Format['ack']>): Buffer;
}

export const webSocketFraming = oncePer((type: TextType): WebSocketFraming => {
  const format = formatOf(type);
  return {
    type,
    isAppendOnly: false,
    messages: (fragments, _, isReset) =>
      textFrames([...(isReset ? [format.reset()] : []), ...fragments.map(format.message)]),
    ephemeral: (message) => textFrames(message(format.type)),
    reset: () => textFrames([format.reset()]),
    synced: (cursor) => textFrames([format.synced(cursor)]),
    welcome: (...welcome) => textFrames([format.welcome(...welcome)]),
    error: (...notice) => textFrames([format.error(...notice)]),
    ack: (...ack) => textFrames([format.ack(...ack)]),
  };
});

/** Tornado's protocol: the bare uid first, then nothing but messages and notices. */
export const tornadoFraming = oncePer(
  (language: Language): WebSocketFraming => ({
    ...webSocketFraming(language),
    isAppendOnly: true,
    welcome: ({ uid }) => textFrames([uid]),
    // An append-only client can do nothing with a change of what it has.
    messages: (fragments) =>
      textFrames(fragments.filter(({ isNew }) => isNew).map((fragment) => fragment.text(language))),
    ephemeral: () => EMPTY,
    ack: () => EMPTY,
    reset: () => EMPTY,
    synced: () => EMPTY,
  }),
);

const FIN_TEXT = 0x81;

/**
 * Texts as the frames of a WebSocket server, joined in one buffer: unmasked, unfragmented, their
 * length in 7, 16 or 64 bits (RFC 6455, section 5.2).
 */
export function textFrames(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const total = lengths.reduce((sum, length) => sum + headLength(length) + length, 0);
  const frames = Buffer.allocUnsafe(total);
  let offset = 0;
  texts.forEach((text, index) => {
    offset = writeHead(frames, offset, lengths[index] ?? 0);
    offset += frames.write(text, offset);
  });
  return frames;
}

function headLength(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}

function writeHead(frames: Buffer, start: number, length: number): number {
  const offset = frames.writeUInt8(FIN_TEXT, start);
  if (length < 126) return frames.writeUInt8(length, offset);
  if (length < 65_536) return frames.writeUInt16BE(length, frames.writeUInt8(126, offset));
  return frames.writeBigUInt64BE(BigInt(length), frames.writeUInt8(127, offset));
}
