const FIN_TEXT = 0x81;

/**
 * Text messages as the frames of a WebSocket server, one after the other in one buffer: unmasked,
 * each in one piece, its length in 7, 16 or 64 bits (RFC 6455, section 5.2).
 */
export function textFrames(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const total = lengths.reduce((sum, length) => sum + headerLength(length) + length, 0);
  const frames = Buffer.allocUnsafe(total);
  let offset = 0;
  texts.forEach((text, index) => {
    offset = writeHeader(frames, offset, lengths[index] ?? 0);
    offset += frames.write(text, offset);
  });
  return frames;
}

function headerLength(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}

function writeHeader(frames: Buffer, start: number, length: number): number {
  const offset = frames.writeUInt8(FIN_TEXT, start);
  if (length < 126) return frames.writeUInt8(length, offset);
  if (length < 65_536) return frames.writeUInt16BE(length, frames.writeUInt8(126, offset));
  return frames.writeBigUInt64BE(BigInt(length), frames.writeUInt8(127, offset));
}
