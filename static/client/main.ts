import { Composer } from './composer.ts';
import { byId } from './dom.ts';
import { Inbox } from './inbox.ts';
import { LADDER } from './ladder.ts';
import { Line, type LineState } from './line.ts';
import { Older } from './older.ts';
import { Outbox } from './outbox.ts';
import { post } from './post.ts';
import { Timeline } from './timeline.ts';
import { Visitor } from './visitor.ts';
import { say } from './words.ts';

const timeline = new Timeline();
const { room } = timeline;
const visitor = new Visitor((uid) => timeline.own(uid));
const older = new Older(timeline);
const inbox = new Inbox(receive);
const outbox = new Outbox({ send: (text) => line.send(text), post: postOne });
const composer = new Composer(send);
const line = new Line({
  room,
  cursor() {
    inbox.flush();
    return timeline.cursor;
  },
  token: () => visitor.token,
  hear: (html) => inbox.add(html),
  onState: showState,
});

const closing = byId('close');
const connecting = byId('connect');
const way = byId<HTMLSelectElement>('way');
closing.addEventListener('click', () => {
  line.close();
  connecting.focus();
});
connecting.addEventListener('click', () => {
  line.open();
  closing.focus();
});
way.addEventListener('change', () => {
  line.choose(LADDER.find(({ name }) => name === way.value)?.name);
});

older.look();
showState('connecting');
await visitor.remember();
line.open();

function showState(now: LineState): void {
  const state = byId('state');
  const isLive = now !== 'connecting' && now !== 'closed';
  state.hidden = false;
  state.dataset.state = isLive ? 'live' : now;
  state.dataset.way = isLive ? now : '';
  state.textContent = say(now);
  way.hidden = false;
  closing.hidden = now === 'closed';
  connecting.hidden = isLive;
  if (isLive) goOn();
}

/** The line is alive: what was not confirmed on the last one is said once more. */
function goOn(): void {
  inbox.flush();
  composer.notice();
  older.look();
  outbox.resume();
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
  const { token = '', cursor = '', cid } = signal.dataset;
  switch (signal.id) {
    case 'welcome':
      visitor.know(token);
      if (!timeline.cursor) timeline.clear();
      break;
    case 'gap':
      timeline.clear();
      break;
    case 'live':
      timeline.isLevel(cursor);
      break;
    case 'notice':
      takeBack(cid, signal);
      break;
  }
}

/** A message of this page's own that comes back is confirmed. */
function settle({ dataset }: HTMLElement): void {
  if (dataset.uid === visitor.uid) outbox.settle(dataset.cid);
}

/** A message that was refused goes back to where it was written. */
function takeBack(cid: string | undefined, why: string | HTMLElement): void {
  const text = outbox.settle(cid);
  if (text !== undefined) composer.giveBack(text);
  composer.notice(why);
}

function send(text: string): boolean {
  if (line.isLive) outbox.say(text);
  composer.notice(line.isLive ? undefined : say('kept-text'));
  return line.isLive;
}

async function postOne(cid: string, message: string): Promise<'settled' | 'unreached'> {
  if (!line.isLive) return 'unreached';
  try {
    const refused = await post(room, visitor, { cid, message });
    if (refused) takeBack(cid, refused.message);
    else outbox.settle(cid);
    return 'settled';
  } catch {
    return 'unreached';
  }
}
