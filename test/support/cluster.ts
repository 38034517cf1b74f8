import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { freePorts } from '../../scripts/free-ports.ts';
import { NatsServer, natsServers } from '../../scripts/nats.ts';
import { type Scope, temporaryFolder } from './server.ts';

export const SECRET = 'a secret of more than thirty-two characters';

/** NATS servers, and a scope for what uses them: it ends before they do. */
interface OpenedNats {
  readonly servers: readonly NatsServer[];
  readonly urls: readonly string[];
  readonly scope: Scope;
}

/** Three NATS servers, which end with the test. */
export async function openNats(t: Scope): Promise<OpenedNats> {
  return start(t, await natsServers(temporaryFolder(t)));
}

/** One NATS server: enough where none fails. */
export async function openOneNats(t: Scope): Promise<OpenedNats> {
  return start(t, [new NatsServer(temporaryFolder(t), 'n1', await freePorts(2))]);
}

function start(t: Scope, servers: readonly NatsServer[]): OpenedNats {
  const ends: (() => void | Promise<void>)[] = [];
  t.after(async () => {
    for (const end of ends.reverse()) await end();
    await Promise.all(servers.map((server) => server.kill()));
  });
  for (const server of servers) server.start();
  const urls = servers.map(({ url }) => url);
  return { servers, urls, scope: { after: (end) => void ends.push(end) } };
}

/** What a node has stored. */
export function stored(data: string) {
  return storedIn(data, null);
}

/** The same, with the messages of one room. */
export function storedIn(data: string, room: string | null) {
  const db = new DatabaseSync(join(data, 'chat.sqlite'), { readOnly: true });
  try {
    return {
      bodies: db
        .prepare('SELECT body FROM messages WHERE room = coalesce(?, room) ORDER BY id')
        .all(room)
        .map(({ body }) => String(body)),
      replica: { ...db.prepare('SELECT place, id, at, digest, format FROM replica').get() },
    };
  } finally {
    db.close();
  }
}
