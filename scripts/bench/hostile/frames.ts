import { clientFrame, OPCODE } from '../../../test/support/wire.ts';
import type { Case } from './case.ts';
import { COMMANDS, commandJson, fieldsOfCommands, type Subjects } from './commands.ts';
import { FRAME_BYTES, sizeName } from './sizes.ts';
import { type Endpoint, Sockets } from './sockets.ts';
import { MARKDOWN, repeated, TEXTS } from './texts.ts';
import { MAX_LENGTHS, valuesFor } from './values.ts';

/* Each kind of frame, and each field of each command in one, with every kind of hostile value. */

const ENDPOINTS: readonly Endpoint[] = ['live json', 'live html', 'chat'];

/** What a connection sends after its handshake. */
interface Frames {
  readonly part: string;
  readonly input: string;
  /** Whether neither the connection nor its room can be used after that. */
  readonly isSpent: boolean;
  bytes(subjects: Subjects): Buffer;
}

export function* frameCases(): Generator<Case> {
  for (const endpoint of ENDPOINTS) {
    const sockets = new Sockets(endpoint);
    yield* [...rawFrames()].map((frames) => frameCase(endpoint, sockets, frames));
    // Commands are decoded in the same way on all of them.
    const commands = endpoint === 'live json' ? commandFrames() : [];
    for (const frames of commands) yield frameCase(endpoint, sockets, frames);
  }
}

function frameCase(
  endpoint: Endpoint,
  sockets: Sockets,
  { part, input, isSpent, bytes }: Frames,
): Case {
  return {
    ...{ target: `frame ${endpoint}`, part, input },
    async prepare(server) {
      const { connection, fixture } = await sockets.take(server, isSpent);
      const frames = bytes(fixture);
      return {
        isOpenEnded: true,
        async send() {
          connection.write(frames);
          return '';
        },
        close: () => {},
      };
    },
  };
}

/**
 * The hostile values that are tried on a WebSocket: all others are decoded in the same way over
 * plain HTTP, and tried there.
 */
const VALUES: ReadonlySet<string> = new Set([
  ...['combining marks out of order', 'one letter', 'nested arrays', 'different texts'],
  ...['a long number', ...MARKDOWN.map(({ name }) => name)],
]);

function* commandFrames(): Generator<Frames> {
  for (const { kind, field } of fieldsOfCommands()) {
    const { isSpent = false } = COMMANDS[kind];
    const sizes = [...(field in MAX_LENGTHS ? [MAX_LENGTHS[field] ?? 0] : []), FRAME_BYTES];
    for (const size of sizes) {
      const values = valuesFor(field).filter(({ name }) => VALUES.has(name));
      for (const { name, json } of values) {
        const text = (subjects: Subjects) => commandJson(kind, subjects, field, json(size));
        const input = `${name}, ${sizeName(size)}`;
        yield { part: `${kind}, ${field}`, input, isSpent, bytes: (to) => frame(text(to)) };
      }
    }
  }
}

function frame(text: string): Buffer {
  return clientFrame(OPCODE.text, text);
}

/** Frames without a command, or invalid ones. */
function* rawFrames(): Generator<Frames> {
  for (const { name, make } of TEXTS) {
    yield raw('text', name, () => frame(make(FRAME_BYTES)));
    yield raw('close reason', name, () => close(make(120)));
  }
  for (const { name, json } of valuesFor('message')) {
    yield raw('JSON', name, () => frame(json(FRAME_BYTES)));
  }
  yield raw('binary', '64 KB', () => clientFrame(OPCODE.binary, repeated('a', FRAME_BYTES)));
  yield raw('text', '65 KB, too large', () => frame(repeated('a', FRAME_BYTES + 2_000)));
  yield raw('text', 'no UTF-8', () => clientFrame(OPCODE.text, Buffer.alloc(FRAME_BYTES, 0xff)));
  yield raw('ping', 'two thousand', () => many(OPCODE.ping, 2_000, 'a'.repeat(125)));
  yield raw('pong', 'ten thousand', () => many(OPCODE.pong, 10_000, ''));
  yield raw('text', 'two thousand empty', () => many(OPCODE.text, 2_000, ''));
  yield raw('text', 'a thousand messages', () => many(OPCODE.text, 1_000, '{"message":"a"}'));
  yield raw('text', 'a thousand commands', () => many(OPCODE.text, 1_000, '{"type":"typing"}'));
  yield raw('fragments', 'of one byte', () => fragments(60_000, 'a'));
  yield raw('fragments', 'empty', () => fragments(60_000, ''));
  yield raw('fragments', 'of 64 KB', () => fragments(3, repeated('a', FRAME_BYTES)));
}

function raw(part: string, input: string, bytes: () => Buffer): Frames {
  return { part, input, isSpent: part === 'fragments', bytes };
}

function close(reason: string): Buffer {
  return clientFrame(OPCODE.close, Buffer.concat([Buffer.from([3, 232]), Buffer.from(reason)]));
}

function many(opcode: number, count: number, payload: string): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => clientFrame(opcode, payload)));
}

/** An unfinished fragmented message. */
function fragments(count: number, payload: string): Buffer {
  const next = clientFrame(OPCODE.continuation, payload, false);
  return Buffer.concat([
    clientFrame(OPCODE.text, payload, false),
    ...Array.from({ length: count }, () => next),
  ]);
}
