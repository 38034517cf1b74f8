import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { suite, test } from 'node:test';
import { ask } from '../support/answer.ts';
import { cpuMs, MAX_MS } from '../support/cpu.ts';
import { requestsFor } from '../support/endpoints.ts';
import { requestBytes } from '../support/hostile.ts';
import { openApp } from '../support/server.ts';

/** What Node takes of a request's head, less what else is in it; and what we take of a body. */
const HEAD_BYTES = 15_500;
const BODY_BYTES = 65_000;

function filled(unit: string, bytes: number): string {
  return unit.repeat(bytes / unit.length);
}

function distinct(bytes: number): string {
  return Array.from({ length: bytes / 5 }, (_, n) => `${n.toString(36)}&`)
    .join('')
    .slice(0, bytes);
}

const FORM = 'application/x-www-form-urlencoded';

suite('No request takes more of the event loop than it may:', () => {
  for (const [what, query] of [
    ['one name over and over', filled('a&', HEAD_BYTES)],
    ['no name over and over', filled('=&', HEAD_BYTES)],
    ['thousands of names', distinct(HEAD_BYTES)],
    ['the name of the language over and over', filled('language=en&', HEAD_BYTES)],
  ] as const) {
    test(`a query with ${what} is refused at every address, with or without a password`, async (t) => {
      for (const passcode of [undefined, 'secret']) {
        const { port } = await openApp(t, { passcode });
        for (const { method, path } of requestsFor('lobby')) {
          const target = `${path.split('?')[0]}?${query}`;
          const bytes = requestBytes({ method, target, headers: {}, body: undefined });
          const ms = await cpuMs(async () => {
            const { status, body } = await ask(port, bytes);
            assert.equal(status, 400);
            assert.match(body, /^A request has at most 100 parameters or fields\.$/m);
          });
          assert.ok(ms < MAX_MS, `${method} ${path} takes ${ms} ms`);
        }
      }
    });
  }

  for (const [what, form] of [
    ['one name over and over', filled('a&', BODY_BYTES)],
    ['thousands of names', distinct(BODY_BYTES)],
  ] as const) {
    test(`a form with ${what} is refused at every address that reads one`, async (t) => {
      const { port } = await openApp(t);
      const body = { type: FORM, bytes: Buffer.from(form) };
      const posts = requestsFor('lobby').filter(
        ({ method, fields }) => method === 'POST' && fields,
      );
      for (const { method, path } of posts) {
        const bytes = requestBytes({ method, target: path, headers: {}, body });
        const ms = await cpuMs(async () => {
          const { status } = await ask(port, bytes);
          assert.ok(status < 500, `${status}`);
        });
        assert.ok(ms < MAX_MS, `${path} takes ${ms} ms`);
      }
    });
  }

  for (const path of ['/rooms/lobby/messages', '/rooms/lobby/acts']) {
    test(`a form with files that has thousands of parts is refused at ${path}`, async (t) => {
      const { port } = await openApp(t);
      const part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n';
      const bytes = Buffer.from(filled(part, BODY_BYTES));
      const body = { type: 'multipart/form-data; boundary=x', bytes };
      const request = requestBytes({ method: 'POST', target: path, headers: {}, body });
      const ms = await cpuMs(async () => {
        const answer = await ask(port, request);
        assert.equal(answer.status, 400);
        assert.match(answer.body, /^A request has at most 10 parameters or fields\.$/m);
      });
      assert.ok(ms < MAX_MS, `${ms} ms`);
    });
  }
});

test("Koa's parser of queries, which takes the square of the time, is asked by no page", async (t) => {
  const { port } = await openApp(t);
  const koas: object = createRequire(import.meta.url)('koa/lib/request.js');
  const asked = t.mock.getter(koas as { query: unknown }, 'query');
  for (const { method, path } of requestsFor('lobby')) {
    const headers = { Accept: 'text/html' };
    const { status } = await ask(
      port,
      requestBytes({ method, target: path, headers, body: undefined }),
    );
    assert.ok(status < 500, `${method} ${path}`);
  }
  assert.equal(asked.mock.callCount(), 0);
});
