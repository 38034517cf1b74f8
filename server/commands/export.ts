import { createWriteStream, readFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { copyDatabase } from '../backup/database-copy.ts';
import { StartupError } from '../core/errors.ts';
import { findPerson } from '../features/erasure/find-person.ts';
import { exportedRoom } from '../features/export/exported-room.ts';
import { personExport } from '../features/export/person-export.ts';
import { ROOM_FORMATS } from '../features/export/room-formats.ts';
import { isLanguage, languages } from '../shared/i18n.ts';
import { DATABASE } from '../storage/file-names.ts';
import { writeWhole } from '../storage/whole-file.ts';
import { type CommandSyntax, DATA, readArguments } from './command.ts';

const SYNTAX = {
  name: 'export',
  usage: '(ROOM | --person NAME) [FILE]',
  description: `Writes a room, by the name in its address, or what is stored about a person, into a file, which must
not exist (ROOM.html, NAME.jsonl). The server may be running. A room is one page that opens without a server, with the uploads in it (FILE ends in
.html), a JSON object in each line (.jsonl), or text (.md). What is stored about a person is .jsonl.`,
  count: [0, 2],
  options: {
    ...DATA,
    person: { value: 'NAME', help: 'the person: all who have, or had, this name' },
    language: { value: languages.join('|'), env: 'CHAT_LANGUAGE', default: 'en', help: 'of texts' },
  },
} as const satisfies CommandSyntax<string>;

export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments<keyof typeof SYNTAX.options>(SYNTAX, args, env);
  if (!given) return;
  const { data = '', person, language = '' } = given.options;
  const room = person === undefined ? given.args[0] : undefined;
  const what = room ?? person;
  if (what === undefined) throw new StartupError('export needs a ROOM, or --person NAME.');
  const standard = `${what.replace(/[^\p{L}\p{N}-]/gu, '-')}${room === undefined ? '.jsonl' : '.html'}`;
  const file = given.args[room === undefined ? 0 : 1] ?? standard;
  if (!isLanguage(language))
    throw new StartupError(`--language must be ${languages.join(' or ')}, not "${language}".`);
  const folder = resolve(data);
  await writeWhole(file, async (part, draft) => {
    const copy = join(draft, DATABASE);
    await copyDatabase(join(folder, DATABASE), copy);
    const db = new DatabaseSync(copy);
    try {
      const parts = room === undefined ? ofPerson(db, person ?? '', file) : ofRoom(db, room, file);
      await pipeline(Readable.from(parts), createWriteStream(part, { mode: 0o600, flush: true }));
    } finally {
      db.close();
    }
  });
  console.log(`Exported ${what} to ${file}.`);

  function ofRoom(db: DatabaseSync, name: string, to: string): Iterable<string> {
    const format = ROOM_FORMATS[extname(to)];
    if (!format)
      throw new StartupError(`${to} must end in ${Object.keys(ROOM_FORMATS).join(', ')}.`);
    const found = exportedRoom(db, name);
    if (!found) throw new StartupError(`There is no room ${name}.`);
    return format(found, isLanguage(language) ? language : 'en', readFile);
  }

  function readFile(id: string): Buffer | undefined {
    try {
      return readFileSync(join(folder, 'files', id));
    } catch {
      return undefined;
    }
  }
}

function ofPerson(db: DatabaseSync, name: string, file: string): Iterable<string> {
  if (extname(file) !== '.jsonl') throw new StartupError(`${file} must end in .jsonl.`);
  return personExport(db, findPerson(db, name));
}
