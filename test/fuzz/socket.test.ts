import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { parseCommand } from '../../server/features/command.ts';
import { normalizeBody } from '../../server/features/messages/message-text.ts';
import { Bystander } from '../support/bystander.ts';
import { hostileFrame } from '../support/frames.ts';
import { hostileJson, hostileText } from '../support/hostile.ts';
import { runs } from '../support/runs.ts';
import { openApp } from '../support/server.ts';
import { clientFrame, type Frame, OPCODE, RawClient } from '../support/wire.ts';

/** What closes the connection of a client that violates the protocol (RFC 6455, section 7.4.1). */
const CODES = [1002, 1003, 1007, 1008, 1009] as const;

/** The endpoints: their paths and subprotocols. */
const ENDPOINTS = [
  { path: '/chat?room=x', headers: {} },
  { path: '/rooms/x/live', headers: { 'Sec-WebSocket-Protocol': 'html' } },
  { path: '/rooms/x/live', headers: { 'Sec-WebSocket-Protocol': 'json' } },
] as const;

type Endpoint = (typeof ENDPOINTS)[number];

/** Sends bytes after the handshake, and nothing more. Returns what was received, up to the end. */
async function send(t: TestContext, port: number, { path, headers }: Endpoint, bytes: Buffer) {
  const client = await RawClient.open(t, port, path, headers);
  assert.match(await client.head(), /^HTTP\/1\.1 101 /);
  client.socket.end(bytes);
  const frames: Frame[] = [];
  try {
    for (;;) frames.push(await client.frame());
  } catch {
    return frames;
  }
}

/** Fails on a frame that this server never sends to a client that sent these close codes. */
function check({ isFinal, isMasked, opcode, payload }: Frame, sent: readonly number[]): void {
  assert.ok(isFinal && !isMasked);
  const text = payload.toString();
  if (opcode === OPCODE.text) checkText(text);
  else if (opcode === OPCODE.close) {
    const isKnown = payload.length === 0 || [...CODES, ...sent].includes(payload.readUInt16BE());
    assert.ok(isKnown, payload.toString('hex'));
  } else assert.ok(opcode === OPCODE.pong || opcode === OPCODE.ping);
}

function checkText(text: string): void {
  if (text.startsWith('{')) {
    const { type, code } = JSON.parse(text);
    assert.match(
      type,
      /^(welcome|ack|reset|message|synced|error|room-state|presence|presence-count|presence-reset|poll|vote|results|system|deleted|live-reactions|mute)$/,
    );
    assert.notEqual(code, 'internal-error');
  } else {
    assert.match(text, /^([0-9a-f-]{36}|<(article|div|p|li) [^<]*>.*<\/\2>)$/s);
    assert.ok(!text.includes('data-code="broken"'));
  }
}

/** The message that a text posts, if any. */
function messageIn(text: string): string | undefined {
  try {
    const command = parseCommand(JSON.parse(text));
    return command.type === 'post-message' ? normalizeBody(command.message) : undefined;
  } catch {
    return undefined;
  }
}

const text = fc.oneof(
  hostileText,
  hostileJson,
  fc.record({ message: hostileText, cid: fc.oneof(hostileText, fc.jsonValue()) }).map(stringify),
  fc.record({ message: fc.oneof(hostileText, fc.jsonValue()), uid: fc.jsonValue() }).map(stringify),
);

function stringify(value: unknown): string {
  return JSON.stringify(value);
}

const anyEndpoint = fc.constantFrom(...ENDPOINTS);
const goodbye = clientFrame(OPCODE.close, Buffer.from([0x03, 0xe8]));

suite('On a hostile WebSocket', () => {
  test('any text is either posted as a message or refused to its sender only', async (t) => {
    const { port } = await openApp(t);
    const bystander = await Bystander.join(t, port, 'x');
    await fc.assert(
      fc.asyncProperty(anyEndpoint, text, async (endpoint, posted) => {
        const bytes = Buffer.concat([clientFrame(OPCODE.text, posted), goodbye]);
        for (const frame of await send(t, port, endpoint, bytes)) check(frame, [1000]);
        const message = messageIn(posted);
        assert.deepEqual(await bystander.postAndReceive(), message === undefined ? [] : [message]);
      }),
      { numRuns: runs(250) },
    );
  });

  test('any frames end in errors, pongs or a close, and post no message', async (t) => {
    const { port, url } = await openApp(t);
    const bystander = await Bystander.join(t, port, 'x');
    await fc.assert(
      fc.asyncProperty(
        anyEndpoint,
        fc.array(hostileFrame, { maxLength: 8 }),
        async (endpoint, frames) => {
          const bytes = Buffer.concat(frames.map((frame) => frame.bytes));
          const sent = frames.flatMap(({ code }) => code ?? []);
          for (const frame of await send(t, port, endpoint, bytes)) check(frame, sent);
          assert.deepEqual(await bystander.postAndReceive(), []);
        },
      ),
      { numRuns: runs(350) },
    );
    const response = await fetch(`${url}/rooms/x/messages?before=1000000&limit=100`, {
      headers: { Accept: 'application/json' },
    });
    const { messages } = (await response.json()) as { messages: { body: string }[] };
    assert.equal(messages.length, 100);
    assert.ok(messages.every(({ body }) => body.startsWith('bystander ')));
  });

  test('a fragmented message, with pings between, is posted once', async (t) => {
    const { port } = await openApp(t);
    const bystander = await Bystander.join(t, port, 'x');
    const pieces = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), {
      minLength: 1,
      maxLength: 10,
    });
    await fc.assert(
      fc.asyncProperty(anyEndpoint, pieces, fc.nat(3), async (endpoint, words, cut) => {
        const all = Buffer.from(JSON.stringify({ message: `say ${words.join(' ')}.` }));
        const size = Math.ceil(all.length / (words.length + cut));
        const frames = Array.from({ length: Math.ceil(all.length / size) }, (_, n) => {
          const isFinal = (n + 1) * size >= all.length;
          const piece = all.subarray(n * size, (n + 1) * size);
          const opcode = n === 0 ? OPCODE.text : OPCODE.continuation;
          return [clientFrame(opcode, piece, isFinal), clientFrame(OPCODE.ping, `${n}`)];
        }).flat();
        await send(t, port, endpoint, Buffer.concat([...frames, goodbye]));
        assert.deepEqual(await bystander.postAndReceive(), [messageIn(all.toString())]);
      }),
      { numRuns: runs(100) },
    );
  });
});
