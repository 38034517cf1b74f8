import { readdirSync } from 'node:fs';
import { StartupError } from '../core/errors.ts';
import { erasePerson } from '../features/erasure/erase-person.ts';
import { findPerson } from '../features/erasure/find-person.ts';
import { newEpoch } from '../storage/log-position.ts';
import { type CommandSyntax, DATA, readArguments } from './command.ts';
import { compact, removeCopies, removeFiles, withFolder } from './data-folder.ts';

const SYNTAX = {
  name: 'erase',
  usage: '--person NAME',
  description: `Erases what a person wrote and what is stored about them: messages, polls, files, answers, reactions,
sessions, the name itself, quotes in the replies of others, and the search index. Their votes stay in
the counts, as those of nobody. What others wrote stays. Stop the server first. Without --yes it only
says what it would erase. Delete older backups yourself.`,
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
  withFolder(data, (folder) => {
    const uids = findPerson(folder.db, person);
    if (yes !== 'true') {
      const count = folder.db.prepare(
        "SELECT count(*) AS n FROM messages WHERE uid = ? AND kind NOT IN ('system', 'deleted')",
      );
      const messages = uids.reduce((sum, uid) => sum + Number(count.get(uid)?.n), 0);
      console.log(
        `${person} is ${uids.length} accounts (guests included) with ${messages} messages. ` +
          'Nothing was erased: add --yes.',
      );
      return;
    }
    const { messages, files } = erasePerson(folder.db, uids);
    // No client may continue from a cursor: what it has was erased.
    newEpoch(folder.db);
    removeCopies(folder.path);
    removeFiles(folder.path, files);
    compact(folder);
    console.log(`Erased ${messages} messages and ${files.length} files of ${person}.`);
    for (const name of readdirSync(folder.path).filter((one) => one.startsWith('replaced-')))
      console.log(`${name} in the data directory still has what was there before a restore.`);
  });
}
