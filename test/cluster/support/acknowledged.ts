import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { outcome } from '../../support/test-user.ts';

const AGAIN_MS = 250;
/** The longest that a cluster without a leader was seen to take, several times over. */
const MAX_MS = 120_000;

/**
 * The outcome of what is sent under one `cid`, again and again while it is answered with 503, as a client does:
 * under a disturbance, an answer may take several attempts.
 */
export async function acknowledged(attempt: () => Promise<Response>): Promise<string> {
  for (const end = performance.now() + MAX_MS; ; ) {
    const answer = await outcome(attempt());
    if (!answer.startsWith('503') || performance.now() > end) return answer;
    await wait(AGAIN_MS);
  }
}

/**
 * Resolves when what is sent under one `cid` is saved. A message that an attempt saved without an answer in time
 * is answered with 200, not with 201.
 */
export async function untilSaved(attempt: () => Promise<Response>): Promise<void> {
  assert.match(await acknowledged(attempt), /^20[01]$/);
}
