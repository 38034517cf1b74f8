import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readPollDraft } from '../../../server/features/polls/poll-draft.ts';
import { pollFormPath } from '../../../server/shared/poll-commands.ts';
import { suiteApp } from '../../support/server.ts';
import { TestBrowser } from '../../support/test-browser.ts';

const app = suiteApp();

suite('The form for a poll that was typed and rejected', () => {
  for (const [text, kind, question, ...options] of [
    ['/poll Is it boring? yes no', 'choice', 'Is it boring?', 'yes', 'no'],
    ['/poll Lunch? Pizza | Sushi and soup', 'choice', 'Lunch?', 'Pizza', 'Sushi and soup'],
    ['/poll Lunch? Pizza, Sushi and soup', 'choice', 'Lunch?', 'Pizza', 'Sushi and soup'],
    ['/poll Lunch today | Pizza | Sushi', 'choice', 'Lunch today', 'Pizza', 'Sushi'],
    ['/poll Lunch?\nPizza\nSushi', 'choice', 'Lunch?', 'Pizza', 'Sushi'],
    ['/poll "Lunch? Pizza | Sushi"', 'choice', 'Lunch? Pizza | Sushi'],
    ['/poll "Lunch? Pizza | Sushi', 'choice', 'Lunch?', 'Pizza', 'Sushi'],
    ['/poll "Lunch?" Pizza, Sushi', 'choice', 'Lunch?', 'Pizza, Sushi'],
    ['/poll "Lunch?" Pizza | pizza', 'choice', 'Lunch?', 'Pizza', 'pizza'],
    ['、poll 午饭吃什么？ 披萨、寿司', 'choice', '午饭吃什么？', '披萨', '寿司'],
    ['/poll', 'choice', ''],
    ['/rate How was it?', 'rating', 'How was it?'],
    ['/words pizza', 'word-cloud', 'pizza'],
    ['/questions “What else?', 'q-and-a', 'What else?'],
    ['/rate "Good?" yes | no', 'rating', 'Good?'],
  ] as readonly (readonly string[])[]) {
    test(`is filled in: ${JSON.stringify(text)}`, () => {
      const draft = readPollDraft(text ?? '');
      assert.deepEqual(draft, { kind, question, options });
    });
  }

  test('is offered for errors that it solves, and for commands of polls only', () => {
    const path = pollFormPath('a', ' /poll a? b c', 'invalid-poll-command');
    assert.equal(path, '/rooms/a/new-poll?text=%2Fpoll+a%3F+b+c');
    assert.equal(pollFormPath('a', '/poll a', 'muted'), undefined);
    assert.equal(pollFormPath('a', '/pol a', 'invalid-poll-command'), undefined);
    const long = pollFormPath('a', `/poll ${'？'.repeat(4_000)}`, 'invalid-poll-command') ?? '';
    assert.ok(long.length < 12_000);
    for (const text of ['hello', '//poll a', '/me polls']) {
      assert.equal(readPollDraft(text), undefined);
    }
  });

  test('is linked from the page that answers a form, and keeps any text', async () => {
    const { room } = app.newRoom();
    const browser = new TestBrowser(app.url);
    const rejected = await browser.submit(`/rooms/${room}/messages`, {
      message: '/poll <b>"Tea"?</b> a&b | c',
    });
    assert.equal(rejected.status, 400);
    const [, link = ''] =
      /class="button quiet new-poll" href="([^"]+)"/.exec(await rejected.text()) ?? [];
    const form = await (await browser.get(link.replaceAll('&amp;', '&'))).text();
    assert.match(form, /name="question" value="&lt;b&gt;&#34;Tea&#34;\?"/);
    assert.match(form, /name="options" value="c"/);
    assert.equal((await browser.get(`/rooms/${room}/new-poll?text=hello&kind=no`)).status, 200);
  });
});
