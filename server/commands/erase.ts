import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartupError } from '../core/errors.ts';
import { ERASE_REQUEST, EraseRequests } from '../features/erasure/erase-requests.ts';
import { eraseStopped } from '../features/erasure/erase-stopped.ts';
import { erasureQueries } from '../features/erasure/erasure-queries.ts';
import { findPerson } from '../features/erasure/find-person.ts';
import { Compaction } from '../storage/compaction.ts';
import { isLocked } from '../storage/data-dir.ts';
import { DATABASE } from '../storage/file-names.ts';
import { giveToOwner } from '../storage/folder-owner.ts';
import { replicaPosition } from '../storage/replica.ts';
import { type CommandSyntax, DATA, readArguments } from './command.ts';
import { compact, removeFiles, withFolder } from './data-folder.ts';

/** How long a server may take to see a request, and how often to look what it did. */
const TAKE_MS = 30_000;
const COMPACT_MS = 10_000;
const LOOK_MS = 200;

const SYNTAX = {
  name: 'erase',
  usage: '--person NAME',
  description: `Erases what a person wrote and what is stored about them: messages, polls, files, answers, reactions,
sessions, the name itself, and quotes in the replies of others. Their votes stay in the counts, as those
of nobody. What others wrote stays. The server may be running: it erases in pieces meanwhile. Without
--yes it only says what it would erase. Delete older backups yourself.`,
  count: [0, 0],
  options: {
    ...DATA,
    person: { value: 'NAME', help: 'whose data to erase: all who have, or had, this name' },
    yes: { help: 'erase it: there is no way back' },
  },
} as const satisfies CommandSyntax<string>;

export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments<keyof typeof SYNTAX.options>(SYNTAX, args, env);
  if (!given) return;
  const { data = '', person, yes } = given.options;
  if (person === undefined) throw new StartupError('erase needs --person NAME.');
  const folder = resolve(data);
  const { uids, messages } = look(folder, person);
  if (yes !== 'true') {
    console.log(
      `${person} is ${uids.length} accounts (guests included) with ${messages} messages. ` +
        'Nothing was erased: add --yes.',
    );
    return;
  }
  if (isLocked(join(folder, 'lock'))) await askServer(folder, uids);
  else eraseHere(data, uids);
  console.log(`Erased ${messages} messages of ${person}.`);
  if (new Compaction(folder).isDue)
    console.log(
      'Unused parts of the database may have remains until nobody has written for some seconds, ' +
        'or the server starts again.',
    );
  for (const name of readdirSync(folder).filter((one) => one.startsWith('replaced-')))
    console.log(`${name} in the data directory still has what was there before a restore.`);
}

/** Who has, or had, the name, and how many messages they have. */
function look(folder: string, person: string) {
  const file = join(folder, DATABASE);
  if (!existsSync(file)) throw new StartupError(`There is no database ${file}.`);
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const uids = findPerson(db, person);
    const count = db.prepare(
      "SELECT count(*) AS n FROM messages WHERE uid = ? AND kind NOT IN ('system', 'deleted')",
    );
    const messages = uids.reduce((sum, uid) => sum + Number(count.get(uid)?.n), 0);
    return { uids, messages };
  } finally {
    db.close();
  }
}

function eraseHere(data: string, uids: readonly string[]): void {
  withFolder(data, (folder) => {
    if (replicaPosition(folder.db))
      throw new StartupError(
        'This is a node of a cluster: start it, so that all nodes erase the same.',
      );
    removeFiles(folder.path, eraseStopped(folder.db, uids, Date.now()));
    new Compaction(folder.path).removeCopies();
    compact(folder);
  });
}

/**
 * Resolves when the server that uses the folder has erased them, and compacted its database unless that
 * takes long: a large one waits until nobody writes.
 */
async function askServer(folder: string, uids: readonly string[]): Promise<void> {
  const requests = new EraseRequests(join(folder, ERASE_REQUEST));
  if (requests.isThere) throw new StartupError('Another request to erase somebody is waiting.');
  requests.write(uids);
  giveToOwner(folder);
  const end = performance.now() + TAKE_MS;
  while (requests.isThere) {
    if (performance.now() > end) {
      requests.remove();
      throw new StartupError('The server did not take the request. Nothing was erased.');
    }
    await sleep(LOOK_MS);
  }
  const db = new DatabaseSync(join(folder, DATABASE), { readOnly: true });
  try {
    const { isErasing } = erasureQueries(db);
    while (isErasing()) await sleep(LOOK_MS);
  } finally {
    db.close();
  }
  const compaction = new Compaction(folder);
  const compactedBy = performance.now() + COMPACT_MS;
  while (compaction.isDue && performance.now() < compactedBy) await sleep(LOOK_MS);
}
