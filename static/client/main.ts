import { Composer } from './composer.ts';
import { byId } from './dom.ts';
import { Inbox } from './inbox.ts';
import { Line, type LineState } from './line.ts';
import { Older } from './older.ts';
import { Outbox } from './outbox.ts';
import { Timeline } from './timeline.ts';
import { Visitor } from './visitor.ts';
import { say } from './words.ts';

const visitor = new Visitor();
const timeline = new Timeline();
const older = new Older(timeline);
const outbox = new Outbox();
const inbox = new Inbox(receive);
const line = new Line({ target, onFrame: (text) => inbox.add(text), onState: showState });
const composer = new Composer(send);

const closing = byId('close');
const connecting = byId('connect');
closing.addEventListener('click', () => {
  line.close();
  connecting.focus();
});
connecting.addEventListener('click', () => {
  line.open();
  closing.focus();
});

older.look();
showState('connecting');
await visitor.remember();
line.open();

function target() {
  inbox.flush();
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const after = timeline.cursor ? `?after=${timeline.cursor}` : '';
  return {
    url: `${scheme}//${location.host}/rooms/${encodeURIComponent(timeline.room)}/live${after}`,
    protocols: visitor.token ? ['html', `token.${visitor.token}`] : ['html'],
  };
}

function showState(now: LineState): void {
  const state = byId('state');
  state.hidden = false;
  state.dataset.state = now;
  state.textContent = say(now);
  closing.hidden = now === 'closed';
  connecting.hidden = now === 'live';
}

/** Takes what the server sent, in its order. */
function receive(fragments: readonly HTMLElement[]): void {
  let messages: HTMLElement[] = [];
  const takeMessages = () => {
    timeline.take(messages);
    messages = [];
  };
  for (const fragment of fragments) {
    if (fragment.classList.contains('message')) {
      settle(fragment);
      messages.push(fragment);
    } else {
      takeMessages();
      takeSignal(fragment);
    }
  }
  takeMessages();
}

function takeSignal(signal: HTMLElement): void {
  const { uid = '', token = '', cursor = '', cid } = signal.dataset;
  switch (signal.id) {
    case 'welcome':
      visitor.know(uid, token);
      timeline.own(uid);
      if (!timeline.cursor) timeline.clear();
      break;
    case 'gap':
      timeline.clear();
      break;
    case 'live':
      timeline.isLevel(cursor);
      if (line.state !== 'live') goOn();
      break;
    case 'notice': {
      const refused = outbox.settle(cid);
      if (refused !== undefined) composer.giveBack(refused);
      composer.notice(signal);
      break;
    }
  }
}

/** The line is alive: what was not confirmed on the last one is sent once more. */
function goOn(): void {
  line.isAlive();
  composer.notice();
  older.look();
  for (const [cid, text] of outbox.all) post(cid, text);
}

/** A message of this page's own that comes back is confirmed. */
function settle({ dataset }: HTMLElement): void {
  if (dataset.uid === visitor.uid) outbox.settle(dataset.cid);
}

function send(text: string): boolean {
  const isLive = line.state === 'live';
  if (isLive) post(outbox.add(text), text);
  composer.notice(isLive ? undefined : say('kept-text'));
  return isLive;
}

function post(cid: string, message: string): void {
  line.send(JSON.stringify({ message, cid }));
}
