import { join } from 'node:path';
import { OWNER_LINK, OwnerLinks } from '../features/administration/owner-links.ts';
import { originOf } from '../http/network-addresses.ts';
import { assertDatabase, assertWritable } from '../storage/data-dir-checks.ts';
import { DATABASE } from '../storage/file-names.ts';
import { giveToOwner } from '../storage/folder-owner.ts';
import { type CommandSyntax, DATA, readArguments } from './command.ts';

const SYNTAX = {
  name: 'owner',
  usage: '',
  description: `Prints a link that makes the user who opens it the owner of the server, in place of the owner before,
whose sessions end. It works once, and until the next one is printed. Run it as root, or as the user
that the server runs as. The server may be running.`,
  count: [0, 0],
  options: {
    ...DATA,
    port: { value: 'NUMBER', env: 'PORT', default: '8888', help: 'port of the server' },
    'public-url': { value: 'URL', env: 'CHAT_PUBLIC_URL', help: 'public URL of the server' },
  },
} as const satisfies CommandSyntax<string>;

export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments<keyof typeof SYNTAX.options>(SYNTAX, args, env);
  if (!given) return;
  const { data = '', port, 'public-url': publicUrl } = given.options;
  const database = join(data, DATABASE);
  assertDatabase(database);
  assertWritable(data, data);
  const origin = publicUrl?.replace(/\/$/, '') ?? originOf('http', 'localhost', Number(port));
  const path = new OwnerLinks(join(data, OWNER_LINK)).issue('next');
  giveToOwner(data);
  console.log(`Open this link once to own the server: ${origin}${path}`);
}
