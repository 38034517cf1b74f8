import { once } from 'node:events';
import type { WebSocket } from 'ws';
import type { SoakUser } from './user.ts';

/** What a user does in a room, from joining to leaving. */
export type Activity = (user: SoakUser, room: string) => Promise<void>;

/** A GIF of one pixel. */
const PICTURE = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

async function end(ws: WebSocket): Promise<void> {
  const closed = once(ws, 'close');
  ws.close();
  await closed;
}

async function until(ws: WebSocket, isThere: () => boolean): Promise<void> {
  while (!isThere()) await once(ws, 'message');
}

const chats: Activity = async (user, room) => {
  const { ws, frames } = await user.connect(room);
  await until(ws, () => frames.some((frame) => frame.includes('"type":"synced"')));
  const cid = `soak-${Math.random().toString(36).slice(2)}`;
  ws.send(JSON.stringify({ type: 'typing' }));
  const message = JSON.stringify({ message: `hello **${cid}** https://example.org`, cid });
  ws.send(message);
  await until(ws, () => frames.some((frame) => frame.includes(cid)));
  const posted = frames.find((frame) => frame.includes(cid)) ?? '{}';
  const { id } = JSON.parse(posted);
  for (const command of [
    { type: 'react', id, emoji: '👍' },
    { type: 'edit', id, message: 'changed' },
    { type: 'presence', isAway: true },
  ]) {
    ws.send(JSON.stringify(command));
  }
  ws.send(message);
  ws.send('nonsense');
  await until(ws, () => frames.some((frame) => frame.includes('not-json')));
  await end(ws);
};

/** Disconnects abruptly, as a phone does in a tunnel. */
const vanishes: Activity = async (user, room) => {
  const { ws } = await user.connect(room);
  ws.terminate();
};

/** Stops reading, and is gone before the server disconnects it. */
const stopsReading: Activity = async (user, room) => {
  const { ws } = await user.connect(room);
  ws.pause();
  for (let n = 0; n < 20; n += 1) await user.postMessage(room, 'x'.repeat(3_000));
  ws.terminate();
};

const streams: Activity = async (user, room) => {
  const stop = new AbortController();
  const { body } = await user.request(`/rooms/${room}/events`, { signal: stop.signal });
  await user.postMessage(room, 'to the SSE clients');
  const reader = body?.getReader();
  await reader?.read();
  await reader?.read();
  stop.abort();
  await reader?.closed.catch(() => {});
};

const polls: Activity = async (user, room) => {
  const { cursor } = JSON.parse(await user.get(`/rooms/${room}/messages`));
  const waits = user.get(`/rooms/${room}/messages?after=${cursor}&wait=1`);
  await user.postMessage(room, 'to the long-polling clients');
  await waits;
  const { headers } = await user.request(`/rooms/${room}/messages?after=${cursor}`);
  const etag = headers.get('etag') ?? '';
  await user.get(`/rooms/${room}/messages?after=${cursor}`, { 'If-None-Match': etag });
};

const reads: Activity = async (user, room) => {
  const html = { Accept: 'text/html' };
  const page = await user.get(`/rooms/${room}`, html);
  const [, id = '1'] = /id="m-(\d+)"/.exec(page) ?? [];
  for (const path of [
    ...['/', '/rooms', '/transports', '/sign-in', `/rooms/${room}/plain`, `/rooms/${room}/present`],
    ...[
      `/rooms/${room}?at=${id}`,
      `/rooms/${room}/messages?before=${id}`,
      `/rooms/${room}/presence`,
    ],
    ...[`/rooms/${room}/unread?after=${id}`, `/rooms/${room}/messages/${id}`, '/no-such-page'],
    ...[`/rooms/${room}/messages?after=x`, `/rooms/${room}/search?q=hello`],
    ...(page.match(/\/assets\/[\w.-]+/g) ?? []),
  ]) {
    await user.get(path, html);
  }
};

const votes: Activity = async (user, room) => {
  await user.command(room, 'create-poll', { question: 'Which?', options: ['one', 'two'] });
  await user.command(room, 'create-poll', {
    question: 'Words?',
    kind: 'word-cloud',
    maxChoices: 3,
  });
  const page = await user.get(`/rooms/${room}/messages`);
  const polls = JSON.parse(page).messages.filter((one: { type: string }) => one.type === 'poll');
  for (const { id, kind } of polls.slice(-2)) {
    if (kind === 'word-cloud')
      await user.command(room, 'suggest-option', { id, suggestion: 'a word' });
    else await user.command(room, 'set-votes', { id, options: [1] });
    for (const end of ['.csv', '.svg', '/history'])
      await user.get(`/rooms/${room}/polls/${id}${end}`);
    await user.command(room, 'close-poll', { id });
  }
  await user.get(`/rooms/${room}/votes`);
};

const sendsFiles: Activity = async (user, room) => {
  for (const [name, body] of [
    ['note.txt', Buffer.from('some text')],
    ['dot.gif', PICTURE],
    ['broken.png', Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), PICTURE])],
  ] as const) {
    const path = `/rooms/${room}/files?name=${name}`;
    const response = await user.request(path, { method: 'POST', body });
    const { file } = (await response.json()) as { file?: { id: string; path: string } };
    if (!file) continue;
    const id = await user.postMessage(room, name, { files: [file.id] });
    await user.get(file.path);
    await user.command(room, 'delete', { id });
  }
};

const moderates: Activity = async (user, room) => {
  const name = `User ${Math.random().toString(36).slice(2)}`;
  await user.post('/session', { name });
  const own = `${room}-${Math.random().toString(36).slice(2)}`;
  await user.post('/rooms', { name: own, topic: 'a topic', password: 'open' });
  const { ws } = await user.connect(own);
  const id = await user.postMessage(own, 'mine');
  for (const [what, fields] of [
    ['set-topic', { text: 'another' }],
    ['pin', { id }],
    ['set-locked', { enabled: true }],
    ['set-slow-mode', { seconds: 5 }],
    ['set-password', { password: 'another' }],
    ['clear-history', {}],
  ] as const) {
    await user.command(own, what, fields);
  }
  await end(ws);
  await user.post('/session/end');
};

/** All activities, the slowest ones less often. */
export const ACTIVITIES: readonly Activity[] = [
  ...[chats, chats, chats, vanishes, vanishes, streams, polls, polls],
  ...[reads, votes, sendsFiles, moderates, stopsReading],
];

/** Opens a room that no user opens again. */
export const passesBy: Activity = async (user, room) => {
  const { ws } = await user.connect(room);
  await user.postMessage(room, 'unread');
  await end(ws);
};
