import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartupError } from '../core/errors.ts';
import { eraseRunning } from '../features/erasure/erase-running.ts';
import { eraseStopped } from '../features/erasure/erase-stopped.ts';
import { erasureQueries } from '../features/erasure/erasure-queries.ts';
import { findPerson } from '../features/erasure/find-person.ts';
import { readDatabase } from '../features/schema.ts';
import { Compaction } from '../storage/compaction.ts';
import { isLocked } from '../storage/data-dir.ts';
import { DATABASE } from '../storage/file-names.ts';
import { replicaPosition } from '../storage/replica.ts';
import { type CommandSyntax, DATA, readArguments } from './command.ts';
import { compact, removeFiles, withFolder } from './data-folder.ts';

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
  const isServed = isLocked(join(folder, 'lock'));
  if (!isServed && isInterrupted(folder)) {
    if (yes === 'true') eraseHere(data, []);
    console.log(
      yes === 'true'
        ? 'Finished an erasure that was interrupted.'
        : 'An erasure was interrupted: start the server, or add --yes, and it goes on.',
    );
  }
  const { uids, messages } = look(folder, person);
  if (yes !== 'true') {
    console.log(
      `${person} is ${uids.length} accounts (guests included) with ${messages} messages. ` +
        'Nothing was erased: add --yes.',
    );
    return;
  }
  if (isServed) await eraseRunning(folder, uids);
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
  const db = readDatabase(join(folder, DATABASE));
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

/** Whether what was erased before is not erased to its end. */
function isInterrupted(folder: string): boolean {
  const db = readDatabase(join(folder, DATABASE));
  try {
    return new Compaction(folder).isDue || erasureQueries(db).isErasing();
  } finally {
    db.close();
  }
}

/** @param uids none: only what was interrupted */
function eraseHere(data: string, uids: readonly string[]): void {
  withFolder(data, (folder) => {
    if (replicaPosition(folder.db))
      throw new StartupError(
        'This is a node of a cluster: start it, so that all nodes erase the same.',
      );
    const remains = new Compaction(folder.path);
    remains.note();
    remains.removeCopies();
    eraseStopped(folder.db, uids, Date.now(), (ids) => removeFiles(folder.path, ids));
    compact(folder);
  });
}
