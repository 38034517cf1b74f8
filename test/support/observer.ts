import assert from 'node:assert/strict';
import type { LogObserver } from '../../server/core/log.ts';
import type { StoreObserver } from '../../server/storage/worker-client.ts';

type Observer = LogObserver & StoreObserver;

const fail = (error: unknown) => assert.fail(String(error));

/** For logs and stores in which nothing should fail. */
export const failOnError: Observer = {
  committed() {},
  commitFailed: fail,
  eventFailed: fail,
  listenerFailed: fail,
  logWentBack: ({ code }) => fail(code),
  callFailed: (_method, error) => fail(error),
  threadDied: fail,
};

/** For logs and stores in which something should fail. */
export const ignoreErrors: Observer = {
  committed() {},
  commitFailed() {},
  eventFailed() {},
  listenerFailed() {},
  logWentBack() {},
  callFailed() {},
  threadDied() {},
};
