import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import type { Browser } from '../support/browsers/page.ts';
import { openApp } from '../support/server.ts';
import { chat } from './cases/chat.ts';
import { edits } from './cases/edits.ts';
import { files } from './cases/files.ts';
import { outage } from './cases/outage.ts';
import { search } from './cases/search.ts';
import { storage } from './cases/storage.ts';
import { transports } from './cases/transports.ts';
import { votes } from './cases/votes.ts';
import { writing } from './cases/writing.ts';
import { type Case, Place } from './setup.ts';

/** What has to be so in every browser that the page is for, by its title. */
const CASES: Readonly<Record<string, Case>> = {
  ...chat,
  ...transports,
  ...outage,
  ...edits,
  ...files,
  ...votes,
  ...search,
  ...writing,
  ...storage,
};

/** Tries all of it in a browser. All tests share one process of it and one server; each has its own room. */
export async function commonSet(name: string, start: () => Promise<Browser>): Promise<void> {
  const app = await openApp({ after });
  const browser = await start();
  after(() => browser.close());
  suite(`In ${name}`, () => {
    for (const [index, [title, run]] of Object.entries(CASES).entries()) {
      test(title, async (t) => {
        try {
          await run(new Place(browser, app.url, `room-${index}`), t);
        } finally {
          assert.deepEqual(await browser.reset(), [], 'nothing goes wrong in the page');
        }
      });
    }
  });
}
