import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import type { GuestIdentity } from '../../static/client/connection/guest-identity.ts';
import { documentWithTexts } from '../support/page-texts.ts';

const page = { document: documentWithTexts };
Object.assign(globalThis, page);
const { UploadRejected, upload } = await import('../../static/client/room/upload.ts');

/** A request that is answered with a status, and with JSON or without. */
function answering(status: number, response: object | null): void {
  class Request extends EventTarget {
    readonly upload = new EventTarget();
    readonly status = status;
    readonly response = response;
    open(): void {}
    setRequestHeader(): void {}
    abort(): void {}
    send(): void {
      queueMicrotask(() => {
        this.dispatchEvent(new Event('load'));
        this.dispatchEvent(new Event('loadend'));
      });
    }
  }
  Object.assign(globalThis, { XMLHttpRequest: Request });
}

function bring(): Promise<unknown> {
  const guest = { token: 'token', adopt() {}, signIn() {} } as unknown as GuestIdentity;
  const { signal } = new AbortController();
  const file = new File(['x'], 'a.jpg');
  return upload({ room: 'room', guest: guest, file, onProgress() {}, signal });
}

suite('A failed upload', () => {
  before(() => Object.assign(globalThis, page));

  test('because a proxy rejects its size is not retried, and shows the reason', async () => {
    answering(413, null);
    await assert.rejects(bring(), (error) => {
      assert.ok(error instanceof UploadRejected);
      assert.match(error.message, /too large for the proxy/);
      return true;
    });
  });

  test('because of a status without a text may be retried, and shows the status', async () => {
    answering(502, null);
    await assert.rejects(bring(), (error) => {
      assert.ok(error instanceof Error && !(error instanceof UploadRejected));
      assert.match(error.message, /502/);
      return true;
    });
  });

  test('because the server rejects the file shows the server’s text', async () => {
    answering(413, {
      error: { code: 'file-too-large', message: 'Files are limited to 10 MiB.' },
    });
    await assert.rejects(bring(), /10 MiB/);
  });

  test('because the network drops it silently is aborted, and may be retried', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const requests: (EventTarget & { upload: EventTarget })[] = [];
    class Request extends EventTarget {
      readonly upload = new EventTarget();
      constructor() {
        super();
        requests.push(this);
      }
      open(): void {}
      setRequestHeader(): void {}
      send(): void {}
      abort(): void {
        this.dispatchEvent(new Event('abort'));
        this.dispatchEvent(new Event('loadend'));
      }
    }
    Object.assign(globalThis, { XMLHttpRequest: Request });
    const ends: unknown[] = [];
    const failed = bring().catch((error) => ends.push(error));
    await new Promise(setImmediate);
    t.mock.timers.tick(119_000);
    requests[0]?.upload.dispatchEvent(new Event('progress'));
    t.mock.timers.tick(119_000);
    await new Promise(setImmediate);
    assert.equal(ends.length, 0, 'some of it has gone');
    t.mock.timers.tick(1_000);
    await failed;
    const [end] = ends;
    assert.ok(end instanceof Error && !(end instanceof UploadRejected));
  });
});
