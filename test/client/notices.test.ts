import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { Commands } from '../../static/client/connection/commands.ts';
import type { Outbox } from '../../static/client/connection/outbox.ts';
import { CommandSender } from '../../static/client/room/command-sender.ts';
import { EditQueue } from '../../static/client/room/edit-queue.ts';
import { Notices } from '../../static/client/room/notices.ts';
import { documentWithTexts } from '../support/page-texts.ts';

Object.assign(globalThis, { document: documentWithTexts });
const { Rejections } = await import('../../static/client/room/rejections.ts');

const settled = () => new Promise(setImmediate);
const PASSWORD = { code: 'password-required', message: 'This room needs a password.' };
const BANNED = { code: 'banned', message: "You've been removed from this room." };
const OFFLINE = 'offline';
const EDIT_PENDING = 'edit pending';

/** The parts of a page that send commands and show what becomes of them, without the page. */
function open({ isLeavingSafe = false } = {}) {
  const page = { shown: [] as readonly (string | object)[], isLive: true, left: 0 };
  const sent: { cid: string }[] = [];
  const notices = new Notices((shown) => {
    page.shown = shown;
  });
  const commands = new Commands({
    send: (text) => Boolean(sent.push(JSON.parse(text))),
    post: () => Promise.resolve(undefined),
  });
  const sender = new CommandSender({
    commands,
    isLive: () => page.isLive,
    confirm: () => Promise.resolve({}),
    onRejected: (why) => notices.show('result', why),
    onFailed: () => notices.show('connection', OFFLINE),
  });
  const edits = new EditQueue({
    send: (command) => commands.send(command),
    isLive: () => page.isLive,
    onPending: () => notices.show('connection', EDIT_PENDING),
    onRejected: (_, why) => notices.show('result', why),
  });
  const closeConnection = () => {
    page.isLive = false;
    commands.connectionLost();
  };
  const rejections = new Rejections({
    ...{ room: 'class', commands, notices, closeConnection },
    outbox: { acknowledge: () => undefined, retryLater: () => false } as unknown as Outbox,
    restore() {},
    leaveForPassword() {
      if (isLeavingSafe) page.left += 1;
      return isLeavingSafe;
    },
    passwordNotice: (why) => why as unknown as HTMLElement,
    pollFormNotice: (why) => why as unknown as HTMLElement,
  });
  return { page, sent, notices, sender, edits, rejections, closeConnection };
}

type Page = ReturnType<typeof open>;

/** The ways in which the server ends access to a room, and the notice that says so. */
const DENIALS: Readonly<Record<string, readonly [(page: Page) => void, string]>> = {
  'the password changed, as the close code says': [
    ({ closeConnection, rejections }) => {
      closeConnection();
      rejections.handleConnection(PASSWORD);
    },
    PASSWORD.message,
  ],
  'the password changed, as the answer to a command says': [
    ({ rejections, sent }) => rejections.handle(sent[0]?.cid, PASSWORD.message, PASSWORD.code),
    PASSWORD.message,
  ],
  'the user was banned': [
    ({ closeConnection, rejections }) => {
      closeConnection();
      rejections.handleConnection(BANNED);
    },
    BANNED.message,
  ],
};

for (const [why, [deny, notice]] of Object.entries(DENIALS)) {
  suite(`The notice that access has ended, because ${why},`, () => {
    let parts: Page;
    beforeEach(() => {
      parts = open();
    });

    test('stays when a command that was in flight fails', async () => {
      parts.sender.send({ type: 'send-reactions', emoji: '👏', count: 1 });
      deny(parts);
      await settled();
      assert.deepEqual(parts.page.shown, [notice, OFFLINE]);
    });

    test('stays when an edit that was in flight has to wait', async () => {
      parts.edits.save(1, 'new');
      deny(parts);
      await settled();
      assert.deepEqual(parts.page.shown, [notice, EDIT_PENDING]);
    });

    test('stays when a command is tried afterwards, and when a message is', async () => {
      deny(parts);
      parts.sender.send({ type: 'send-reactions', emoji: '👏', count: 1 });
      await settled();
      assert.deepEqual(parts.page.shown, [notice, OFFLINE]);
      parts.notices.onAttempt();
      assert.deepEqual(parts.page.shown, [notice]);
    });

    test('ends when the connection is live again', async () => {
      deny(parts);
      parts.notices.onLive();
      assert.deepEqual(parts.page.shown, []);
    });
  });
}

suite('A notice about the last attempt', () => {
  test('replaces the one before it, and ends with the next message', async () => {
    const { page, notices, sender, sent, rejections } = open();
    for (const why of ["You've been muted here.", 'Only moderators can do that.']) {
      sender.send({ type: 'set-topic', text: 'x' });
      rejections.handle(sent.at(-1)?.cid, why, 'muted');
      await settled();
      assert.deepEqual(page.shown, [why]);
    }
    notices.onAttempt();
    assert.deepEqual(page.shown, []);
  });

  test('stays when the connection is back, unlike one about the connection', () => {
    const { page, notices } = open();
    notices.show('result', 'rejected');
    notices.show('connection', OFFLINE);
    assert.deepEqual(page.shown, [OFFLINE, 'rejected']);
    notices.onLive();
    assert.deepEqual(page.shown, ['rejected']);
  });

  test('is shown once where it says the same as a more important one', () => {
    const { page, notices } = open();
    const frame = { textContent: BANNED.message } as HTMLElement;
    notices.show('result', frame);
    notices.show('access', BANNED.message);
    assert.deepEqual(page.shown, [BANNED.message]);
    notices.show('result', frame);
    assert.deepEqual(page.shown, [frame]);
    notices.onLive();
    assert.deepEqual(page.shown, []);
  });

  test('may be one that the server rendered, and stays next to those that follow', () => {
    const shown: (readonly unknown[])[] = [];
    const rendered = { textContent: 'rejected' } as HTMLElement;
    const notices = new Notices((now) => shown.push(now), rendered);
    notices.onLive();
    assert.deepEqual(shown, [[rendered]]);
  });
});

test('A page that loses nothing leaves for the password form, and shows no notice', () => {
  const { page, rejections } = open({ isLeavingSafe: true });
  rejections.handleConnection(PASSWORD);
  assert.deepEqual([page.left, page.shown], [1, []]);
});
