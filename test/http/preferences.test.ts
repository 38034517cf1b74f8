import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { requestBytes } from '../support/hostile.ts';
import { sendRequestBytes } from '../support/raw-response.ts';
import { openApp } from '../support/server.ts';

suite("A client's preference", () => {
  test('counts if it is as short as browsers send it', async (t) => {
    const { port } = await openApp(t);
    const typeFor = async (accept: string) => {
      const headers = { Accept: accept, 'Accept-Language': 'zh' };
      const bytes = requestBytes({ method: 'GET', target: '/rooms', headers, body: undefined });
      const response = await sendRequestBytes(port, bytes);
      assert.equal(response.status, 200);
      return response.headers.get('content-type');
    };
    const json = 'application/json';
    assert.equal(await typeFor(json), 'application/json; charset=utf-8');
    assert.equal(await typeFor(json.padEnd(1_000, ',')), 'application/json; charset=utf-8');
    assert.equal(await typeFor(json.padEnd(1_001, ',')), 'text/html; charset=utf-8');
  });
});
