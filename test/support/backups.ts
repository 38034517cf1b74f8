import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { post, transports } from './listeners.ts';
import { openApp, type Scope } from './server.ts';

export type Run = Awaited<ReturnType<typeof openApp>>;

/** Posts messages to the room `class`, and returns the cursor after the last. */
export async function postAll({ port }: Pick<Run, 'port'>, ...texts: readonly string[]) {
  for (const text of texts) await post(port, 'class', text);
  const headers = { Accept: 'application/json' };
  const response = await fetch(`http://127.0.0.1:${port}/rooms/class/messages`, { headers });
  const { cursor } = (await response.json()) as { cursor: string };
  return cursor;
}

/** A client with the cursor is reset on each transport, and then has the whole history. */
export async function resetBodies(t: TestContext, { port }: Run, cursor: string) {
  const received = transports.map(async (transport) => {
    const listener = await (await transport.listen(t, port, 'class', cursor)).untilLive();
    listener.stop();
    return { name: transport.name, isReset: listener.isReset, bodies: listener.bodies };
  });
  return Promise.all(received);
}

/** The messages of a data folder, by their numbers. */
export function messagesIn(data: string, upTo = Number.MAX_SAFE_INTEGER) {
  const db = new DatabaseSync(join(data, 'chat.sqlite'), { readOnly: true });
  try {
    const rows = db.prepare('SELECT seq, body FROM messages WHERE seq <= ? ORDER BY seq').all(upTo);
    return rows.map(({ seq, body }) => `${seq} ${body}`);
  } finally {
    db.close();
  }
}

/** A server with some messages, that has ended. Returns its folder and the cursor. */
export async function fill(t: Scope, data: string, ...texts: readonly string[]) {
  const run = await openApp(t, { data });
  const cursor = await postAll(run, ...texts);
  await run.close();
  return cursor;
}
