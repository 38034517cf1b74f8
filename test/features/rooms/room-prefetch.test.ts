import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApp } from '../../support/server.ts';

test('A page leads to another room without a flash: it is fetched ahead, and painted once it is complete.', async (t) => {
  const { url } = await openApp(t);
  const open = async (headers: Record<string, string>) => {
    const response = await fetch(`${url}/rooms/a`, {
      headers: { Accept: 'text/html', ...headers },
    });
    return { rules: response.headers.get('speculation-rules'), html: await response.text() };
  };
  const { rules, html } = await open({ 'Sec-Fetch-Site': 'none' });
  assert.equal(rules, '"/speculation-rules.json"');
  assert.doesNotMatch(
    html,
    /blocking="render"/,
    'scripts that are not there yet are not waited for',
  );
  for (const headers of [{ 'Sec-Fetch-Site': 'same-origin' }, { 'Sec-Purpose': 'prefetch' }])
    assert.match((await open(headers)).html, /<script type="module" blocking="render" src=/);
  const answer = await fetch(`${url}/speculation-rules.json`);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/speculationrules\+json/);
  const { prefetch } = (await answer.json()) as { prefetch: { where: object }[] };
  assert.deepEqual(
    prefetch.map(({ where }) => where),
    [{ selector_matches: '#room-links a:not([aria-current])' }],
  );
});
