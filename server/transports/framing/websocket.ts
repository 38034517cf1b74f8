import { type Encoding, nothing } from '../../core/framing.ts';
import { html, json, type Speech } from './format.ts';

/** A WebSocket carries each text in a frame of its own; and what it carries to one client alone. */
export interface WebSocketEncoding extends Encoding {
  welcome(...welcome: Parameters<Speech['welcome']>): Buffer;
  notice(...notice: Parameters<Speech['notice']>): Buffer;
  ack(...ack: Parameters<Speech['ack']>): Buffer;
}

function webSocket(speech: Speech): WebSocketEncoding {
  return {
    type: speech.type,
    isNewOnly: false,
    messages: (fragments, _, isAnew) =>
      textFrames([...(isAnew ? [speech.gap()] : []), ...fragments.map(speech.message)]),
    beside: (tell) => textFrames(tell(speech)),
    gap: () => textFrames([speech.gap()]),
    live: (cursor) => textFrames([speech.live(cursor)]),
    welcome: (...welcome) => textFrames([speech.welcome(...welcome)]),
    notice: (...notice) => textFrames([speech.notice(...notice)]),
    ack: (...ack) => textFrames([speech.ack(...ack)]),
  };
}

export const webSocketHtml = webSocket(html);
export const webSocketJson = webSocket(json);

/** Tornado's contract: the bare uid first, then messages and nothing but messages and notices. */
export const tornado: WebSocketEncoding = {
  ...webSocketHtml,
  isNewOnly: true,
  welcome: ({ uid }) => textFrames([uid]),
  // A client that only appends what it gets can do nothing with a change of what it has.
  messages: (fragments) => textFrames(fragments.filter(({ isNew }) => isNew).map(html.message)),
  beside: () => nothing,
  ack: () => nothing,
  gap: () => nothing,
  live: () => nothing,
};

const FIN_TEXT = 0x81;

/**
 * Texts as the frames of a WebSocket server, one after the other in one buffer: unmasked, each in
 * one piece, its length in 7, 16 or 64 bits (RFC 6455, section 5.2).
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
