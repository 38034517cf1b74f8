import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { openWriter } from '../../server/features/store-threads.ts';
import { StorageError } from '../../server/storage/storage-error.ts';
import { failOnError } from '../support/observer.ts';
import { temporaryFolder } from '../support/server.ts';

test('The death of a store thread is reported, and pending calls are rejected.', async (t) => {
  const died = Promise.withResolvers<unknown>();
  const file = join(temporaryFolder(t), 'chat.sqlite');
  const observer = { ...failOnError, threadDied: died.resolve };
  const thread = await openWriter(file, observer);
  const post = t.mock.method(Worker.prototype, 'postMessage', function (this: Worker) {
    // An unknown call is an error that the thread does not catch.
    post.mock.restore();
    this.postMessage(undefined);
  });
  const waiting = thread.methods.position();
  await assert.rejects(waiting, StorageError);
  assert.match(String(await died.promise), /TypeError/);
  await assert.rejects(thread.methods.position(), StorageError);
  await thread.close();
});

test('The silent end of a store thread is reported, too.', async (t) => {
  const died = Promise.withResolvers<unknown>();
  const file = join(temporaryFolder(t), 'chat.sqlite');
  const observer = { ...failOnError, threadDied: died.resolve };
  let worker: Worker | undefined;
  const post = t.mock.method(Worker.prototype, 'postMessage', function (this: Worker) {
    worker = this;
  });
  const thread = await openWriter(file, observer);
  const waiting = assert.rejects(thread.methods.position(), StorageError);
  post.mock.restore();
  await worker?.terminate();
  await waiting;
  assert.match(String(await died.promise), /exit code 1/);
});

test('A store thread that does not end in time is terminated.', async (t) => {
  const file = join(temporaryFolder(t), 'chat.sqlite');
  const thread = await openWriter(file, failOnError);
  const post = t.mock.method(Worker.prototype, 'postMessage', () => {});
  await thread.close(10);
  assert.equal(post.mock.callCount(), 1, 'the thread did not receive the call to close');
});
