import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { runCommand } from '../../server/commands/commands.ts';
import { fill, messagesIn } from '../support/backups.ts';
import { spawnServer, temporaryFolder } from '../support/server.ts';

/** Runs a command in this process, and returns what it prints. */
async function output(t: TestContext, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const log = t.mock.method(console, 'log', () => {});
  try {
    await runCommand(args, env);
  } finally {
    log.mock.restore();
  }
  return log.mock.calls.map(({ arguments: [line] }) => String(line)).join('\n');
}

suite('The command line', () => {
  test('lists the options of the server and the commands with --help.', async (t) => {
    const help = await output(t, ['--help']);
    for (const text of ['--port', 'CHAT_DATA', 'backup', 'restore', 'verify', 'serve']) {
      assert.ok(help.includes(text), text);
    }
  });

  for (const name of [
    'serve',
    'doctor',
    'backup',
    'restore',
    'verify',
    'export',
    'erase',
    'owner',
    'compact',
  ]) {
    test(`explains ${name} with --help, and refuses what it does not know.`, async (t) => {
      const help = await output(t, [name, '--help']);
      assert.match(help, /--help +show this help/);
      const refused = output(t, [name, '--prot']);
      await assert.rejects(refused, { name: 'StartupError', message: /^Unknown option '--prot'/ });
    });
  }

  test('refuses unknown commands, missing arguments and superfluous ones with a sentence.', async (t) => {
    for (const [args, sentence] of [
      [['lobby'], /^There is no command 'lobby'\. See .* --help\.$/],
      [['__proto__'], /^There is no command '__proto__'/],
      [['toString'], /^There is no command 'toString'/],
      [['backup'], /^backup needs FILE\. See .* backup --help\.$/],
      [['backup', 'a', 'b'], /^Unexpected argument 'b'/],
      [['restore'], /^restore needs FILE \[FILE \.\.\.\]/],
    ] as const) {
      await assert.rejects(output(t, args), { name: 'StartupError', message: sentence });
    }
  });

  test('backs up, verifies and restores, with a password from a file.', async (t) => {
    const folder = temporaryFolder(t);
    const [data, copy, file] = ['data', 'copy', 'backup'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const cursor = await fill(t, data, 'a', 'b');
    const env = { CHAT_DATA: data, CHAT_BACKUP_PASSWORD_FILE: join(folder, 'password') };
    writeFileSync(env.CHAT_BACKUP_PASSWORD_FILE, 'short\n');
    await assert.rejects(output(t, ['backup', file], env), /12 characters or more/);
    writeFileSync(env.CHAT_BACKUP_PASSWORD_FILE, 'correct horse battery\n');
    const made = await output(t, ['backup', file], env);
    assert.match(made, new RegExp(`^Backed up to .*: cursor ${cursor}, 0 uploads\\.$`));
    const verified = await output(t, ['verify', file], env);
    assert.match(verified, new RegExp(`^Sound: cursor ${cursor} of .*, 2 messages, 0 uploads\\.$`));
    const plain = join(folder, 'plain');
    await output(t, ['backup', plain, '--data', data]);
    await output(t, ['restore', plain, '--data', copy]);
    assert.deepEqual(messagesIn(copy), messagesIn(data));
    await assert.rejects(output(t, ['verify', join(folder, 'none')], env), {
      name: 'StartupError',
      message: /^verify failed: ENOENT/,
    });
  });

  test('exits with 1 and a sentence where a command fails, in a process of its own.', async (t) => {
    const server = spawnServer(t, ['backup', join(temporaryFolder(t), 'x'), '--data', '/none']);
    assert.equal(await server.ended(), 1);
    assert.equal(server.output, 'There is no database /none/chat.sqlite.\n');
  });
});
