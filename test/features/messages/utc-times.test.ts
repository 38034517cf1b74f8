import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApp } from '../../support/server.ts';
import { signIn } from '../../support/test-user.ts';

test('A page without scripts says that its times are in UTC', async (t) => {
  const { port } = await openApp(t);
  const ada = await signIn(port, 'Ada');
  await ada.createRoom('garden', { title: 'Garden' });
  const typed = '<time>2026-01-31 12:00:00Z</time>';
  const { message } = await (await ada.postMessage('garden', typed)).json();
  const poll = { type: 'create-poll', question: 'Tea?', options: ['yes', 'no'] };
  assert.equal((await ada.command('garden', poll)).status, 200);
  await ada.command('garden', { type: 'pin', id: message.id });
  const timesOf = async (path: string) => {
    const html = await (await ada.get(`/rooms/garden${path}`, { Accept: 'text/html' })).text();
    assert.match(html, /&lt;time&gt;2026-01-31 12:00:00Z&lt;\/time&gt;/, 'a text is as written');
    return [...html.matchAll(/<time[^>]*>.*?<\/time>/g)].map(([time]) => time);
  };
  const time = /^<time datetime="[\d-]+T[\d:.]+Z">([\d-]+ )?\d\d:\d\d UTC<\/time>$/;
  const plain = await timesOf('/plain');
  assert.equal(plain.length, 4, 'of the message, of the poll, and of two system messages');
  for (const one of [...plain, ...(await timesOf(`/messages/${message.id}`))])
    assert.match(one, time);
});
