import { join, resolve } from 'node:path';
import { deriveKey } from '../auth/load-keyring.ts';
import { readConfig } from '../config/read-config.ts';
import { ChatError, StartupError } from '../core/errors.ts';
import { knownNames, shareAgain } from '../features/attachments/share-again.ts';
import { replicaPosition, startNewLog } from '../storage/replica.ts';
import { type CommandSyntax, DATA, readArguments } from './command.ts';
import { withFolder } from './data-folder.ts';

const SYNTAX = {
  name: 'recover',
  usage: '',
  description: `Begins the log of a cluster again from the data directory of this node, under a new epoch, where NATS
has lost it or it went back. Stop all nodes first, and run it on the node with the highest place:
without --yes it only says which one this node has. The other nodes then need empty data
directories: they fetch the history from this one.`,
  count: [0, 0],
  options: {
    ...DATA,
    cluster: { value: 'URL,URL', env: 'CHAT_CLUSTER', help: 'NATS servers of the cluster' },
    secret: { value: 'SECRET', env: 'CHAT_SECRET', help: 'secret of the cluster' },
    yes: { help: 'replace the log: what only other nodes have is lost' },
  },
} as const satisfies CommandSyntax<string>;

interface Cluster {
  readonly servers: readonly string[];
  readonly key: Buffer;
}

export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments<keyof typeof SYNTAX.options>(SYNTAX, args, env);
  if (!given) return;
  const { data = '', cluster = '', secret = '', yes } = given.options;
  const config = readConfig(['--cluster', cluster, '--secret', secret], {});
  if (config === 'help' || config.cluster.length === 0 || config.secret === undefined) {
    throw new StartupError('recover needs --cluster and --secret, as the nodes have them.');
  }
  const own = withFolder(data, ({ db }) => replicaPosition(db));
  if (!own)
    throw new StartupError(`The data directory ${data} is not that of a node of a cluster.`);
  const { replaceLog, whyRecover } = await import('../cluster/recover-log.ts');
  const servers = { servers: config.cluster, key: deriveKey(config.secret, 'cluster') };
  const reason = await whyRecover(servers, own);
  if (yes !== 'true') {
    console.log(
      `This node is at place ${own.place}; ${reason}. Nothing was changed: where no other node has a ` +
        'higher place, add --yes.',
    );
    return;
  }
  const files = await shareFiles(servers, data);
  // First here: interrupted before the end, the command can be run again.
  const founding = withFolder(data, ({ db }) => startNewLog(db));
  await replaceLog(servers, founding);
  console.log(
    `The log begins again with all that this node has, up to place ${own.place}. ${files}Start it; then start the ` +
      'others with empty data directories.',
  );
}

/** Puts the uploads of this node back on the servers. @returns how that went, for the operator */
async function shareFiles({ servers, key }: Cluster, data: string): Promise<string> {
  const { NatsFiles } = await import('../cluster/nats-files.ts');
  const names = withFolder(data, ({ db }) => knownNames(db));
  const nats = await NatsFiles.open(servers, key);
  try {
    const { shared, missing } = await shareAgain(names, join(resolve(data), 'files'), nats);
    const [first] = missing;
    const lack =
      first === undefined
        ? ''
        : `It lacks ${missing.length} of them, such as ${first}: if another node has that in files/, copy it to this one. `;
    return `${shared} of its uploads were put back. ${lack}`;
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    throw new StartupError('The servers of --cluster do not store files. Nothing was changed.', {
      cause: error,
    });
  } finally {
    await nats.close();
  }
}
