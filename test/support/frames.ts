import fc from 'fast-check';
import { hostileJson, hostileText } from './hostile.ts';
import { clientFrame, OPCODE } from './wire.ts';

/** A hostile frame, and the code in it if it is a close. */
export interface HostileFrame {
  readonly bytes: Buffer;
  readonly code: number | undefined;
}

const payload = fc.oneof(
  hostileText.map((text) => Buffer.from(text)),
  hostileJson.map((text) => Buffer.from(text)),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(125, 126, 65_535, 65_536, 65_537, 100_000)
    .map((length) => Buffer.alloc(length, 'x')),
);

const frame = fc
  .record({
    opcode: fc.oneof(fc.constantFrom(...Object.values(OPCODE)), fc.nat(15)),
    payload,
    isFinal: fc.boolean(),
    /** Reserved bits to set, and bits of the mask and the length to flip. */
    wrong: fc.oneof(
      { weight: 5, arbitrary: fc.constant([0, 0] as const) },
      fc.tuple(rsv(), fc.nat(255)),
    ),
  })
  .map(({ opcode, payload: data, isFinal, wrong: [first, second] }): HostileFrame => {
    const bytes = clientFrame(opcode, data, isFinal);
    bytes[0] = (bytes[0] ?? 0) ^ first;
    bytes[1] = (bytes[1] ?? 0) ^ second;
    const code = opcode === OPCODE.close && data.length >= 2 ? data.readUInt16BE() : undefined;
    return { bytes, code };
  });

function rsv(): fc.Arbitrary<number> {
  return fc.constantFrom(0, 0x10, 0x20, 0x40, 0x70);
}

const close = fc.tuple(fc.nat(0xffff), hostileText).map(([code, reason]): HostileFrame => {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  const data = Buffer.concat([head, Buffer.from(reason)]).subarray(0, 125);
  return { bytes: clientFrame(OPCODE.close, data), code };
});

const noise = fc
  .uint8Array({ maxLength: 200 })
  .map((bytes): HostileFrame => ({ bytes: Buffer.from(bytes), code: undefined }));

export const hostileFrame: fc.Arbitrary<HostileFrame> = fc.oneof(
  { weight: 6, arbitrary: frame },
  { weight: 1, arbitrary: close },
  { weight: 1, arbitrary: noise },
);
