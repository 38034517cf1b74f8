import assert from 'node:assert/strict';
import { TestUser } from './test-user.ts';

const PASSWORD = 'correct horse';

/** Makes a user with a new name the owner of the server, by its link. */
export async function becomeOwner(
  port: number,
  path: string | undefined,
  name = 'Ada',
): Promise<TestUser> {
  const browser = new TestUser(port, '', {});
  const answer = await browser.post(path ?? '', { name, password: PASSWORD });
  assert.equal(answer.status, 200, await answer.clone().text());
  const { uid } = (await answer.json()) as { uid: string };
  const session = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('session='));
  return new TestUser(port, uid, { Cookie: session?.split(';')[0] ?? '' });
}
