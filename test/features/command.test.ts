import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { ChatError } from '../../server/core/errors.ts';
import { parseClientId } from '../../server/features/client-id.ts';
import { parseCommand } from '../../server/features/command.ts';
import { assertKnownSlashCommand } from '../../server/features/messages/known-slash-commands.ts';
import { MAX_CHARACTERS, normalizeBody } from '../../server/features/messages/message-text.ts';
import { readJson } from '../../server/http/request/body.ts';
import { minCpuMs } from '../support/cpu.ts';

suite('A command', () => {
  test('is parsed, or rejected with a reason, whatever the input is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((m) => `{"message":${m}}`),
        ),
        (text) => {
          try {
            const command = parseCommand(readJson(text));
            assert.ok(command.type === 'post-message');
            assert.equal(typeof command.message, 'string');
            assert.ok(command.cid === null || /^[\w-]{1,64}$/.test(command.cid));
          } catch (error) {
            assert.ok(error instanceof ChatError && error.status === 400);
          }
        },
      ),
    );
  });

  test('has the body that was written, or is rejected', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5_000 }), (text) => {
        try {
          const body = normalizeBody(text);
          assert.ok(body.isWellFormed());
          assert.equal(body, body.includes('\n') ? body.trimEnd() : body.trim());
          assert.ok(!/^\s*\n/.test(body));
          assert.ok(body.length > 0 && [...body].length <= MAX_CHARACTERS);
          assert.equal(
            normalizeBody(body),
            body,
            'what was read is not changed by reading it again',
          );
        } catch (error) {
          assert.ok(error instanceof ChatError);
          assert.ok(error.code === 'empty-message' || error.code === 'too-long');
        }
      }),
    );
  });

  test('with ordinary text keeps it unchanged', () => {
    for (const text of [
      'hello',
      'a\n\nb',
      '你好，世界',
      '👨‍👩‍👧 family',
      'שלום',
      'x'.repeat(4_000),
      '    if a:\n        b',
    ]) {
      assert.equal(normalizeBody(text), text);
    }
  });

  test('has no white space around it except the indentation of the first of several lines', () => {
    assert.equal(normalizeBody('\n \n  a\n b \n\n'), '  a\n b');
    assert.equal(normalizeBody('  a \n'), 'a');
  });

  test('costs less to read the client id of than to decode: no schema is created per message', () => {
    const sent = { message: 'Hello', cid: 'a-1', reply: null, files: [] };
    const cpuOf = (read: (value: unknown) => unknown) =>
      minCpuMs(() => {
        for (let n = 0; n < 2_000; n += 1) read(sent);
      }, 20);
    const decoding = cpuOf(parseCommand);
    assert.equal(parseClientId(sent), 'a-1');
    // It was four times as much.
    assert.ok(cpuOf(parseClientId) < decoding);
  });
});

suite('A text with a slash before it', () => {
  test('is a message, unless it is a poll command or an unknown command', () => {
    for (const text of [
      '/usr/bin',
      '/ hello',
      '/',
      '/你好',
      '//help',
      '/me waves',
      'a /help',
      '/2',
    ]) {
      assertKnownSlashCommand(text);
    }
    for (const [text, code] of [
      ['/help', 'help'],
      ['/HELP me', 'help'],
      ['/shrug', 'unknown-command'],
      ['/shrug\nno', 'unknown-command'],
      ['/me', 'empty-message'],
    ] as const) {
      assert.throws(() => assertKnownSlashCommand(text), { name: 'ChatError', code });
    }
  });
});
