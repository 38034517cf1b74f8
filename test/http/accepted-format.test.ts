import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { suite, test } from 'node:test';
import { acceptedFormat } from '../../server/http/request/accepted-format.ts';
import { openApp } from '../support/server.ts';

const CHROMIUM =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';
const AXIOS = 'application/json, text/plain, */*';

suite('The format of a response', () => {
  test('is the one that the client prefers, and plain text if it has no preference', () => {
    for (const [accept, format] of [
      [undefined, 'text'],
      ['*/*', 'text'],
      ['text/plain', 'text'],
      ['text/*', 'text'],
      ['text/event-stream', 'text'],
      ['image/png', 'text'],
      [CHROMIUM, 'html'],
      ['text/html', 'html'],
      ['text/html, application/json;q=0.9', 'html'],
      ['application/json', 'json'],
      ['application/json, text/html;q=0.9', 'json'],
      [AXIOS, 'json'],
    ] as const) {
      const request = { headers: accept === undefined ? {} : { accept } } as IncomingMessage;
      assert.equal(acceptedFormat(request), format, String(accept));
    }
  });

  test('is negotiated in one way for pages, fragments, errors, forms and transports', async (t) => {
    const { url } = await openApp(t);
    const type = async (path: string, accept: string, init: RequestInit = {}) => {
      const headers = { Accept: accept };
      const response = await fetch(url + path, { ...init, headers, redirect: 'manual' });
      await response.body?.cancel();
      const form = response.headers.get('content-type')?.split(';')[0] ?? '';
      return response.status === 303 ? 'redirect' : form;
    };
    const body = () => ({ method: 'POST', body: new URLSearchParams({ message: 'hello' }) });
    const say = () => ({ method: 'POST', body: new URLSearchParams({ type: 'typing' }) });
    for (const [accept, fragments, error, form, posted] of [
      ['*/*', 'text/html', 'text/plain', 'application/json', 'text/html'],
      [CHROMIUM, 'text/html', 'text/html', 'redirect', 'redirect'],
      [AXIOS, 'application/json', 'application/json', 'application/json', 'application/json'],
    ] as const) {
      for (const path of [
        '/rooms',
        '/rooms/a/messages?limit=1',
        '/rooms/a/messages',
        '/rooms/a/presence',
      ]) {
        assert.equal(await type(path, accept), fragments, `${path} for ${accept}`);
      }
      assert.equal(await type('/rooms/a/messages/99', accept), error, accept);
      // A transport has no pages.
      const own = error === 'text/html' ? 'text/plain' : error;
      assert.equal(await type('/rooms/a/messages?after=x', accept), own, accept);
      // The page reads fragments, and the reason for an error from its code.
      const page = 'text/html, application/json;q=0.5';
      assert.equal(await type('/rooms/a/messages?after=x', page), 'application/json');
      assert.equal(await type('/rooms/a/commands', accept, say()), form, accept);
      assert.equal(await type('/rooms/a/messages', accept, body()), posted, accept);
    }
  });
});
