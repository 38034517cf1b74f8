import type { TestContext } from 'node:test';
import { freePorts } from '../../scripts/free-ports.ts';
import { NatsServer } from '../../scripts/nats.ts';
import { deriveKey } from '../../server/auth/load-keyring.ts';
import type { ClusterLog } from '../../server/cluster/cluster-log.ts';
import { joinCluster } from '../../server/cluster/join.ts';
import type { LogObserver, Undated } from '../../server/core/log.ts';
import type { ChatChange } from '../../server/features/change.ts';
import { type Event, isKnownEvent } from '../../server/features/events.ts';
import { Store } from '../../server/features/store.ts';
import { openDataDir } from '../../server/storage/data-dir.ts';
import { storedBodies, testLog } from '../core/log-contract.ts';
import { SECRET } from '../support/cluster.ts';
import { failOnError } from '../support/observer.ts';
import { temporaryFolder } from '../support/server.ts';

testLog('with JetStream', async (t: TestContext, observer: LogObserver) => {
  const nats = new NatsServer(temporaryFolder(t), 'n1', await freePorts(2));
  nats.start();
  let end = async () => {};
  t.after(async () => {
    await end();
    await nats.kill();
  });
  const data = temporaryFolder(t);
  const open = async () => {
    const folder = openDataDir(data);
    const store = await Store.open(folder, failOnError);
    const log: ClusterLog<Undated<Event>, ChatChange> = await joinCluster({
      servers: [nats.url],
      key: deriveKey(SECRET, 'cluster'),
      store: store.replica,
      observer,
      isKnown: isKnownEvent,
      onFault: ({ reason }) => failOnError.commitFailed(new Error(reason)),
    });
    end = async () => {
      await log.close();
      await store.close();
      folder.release();
    };
    return { log, store };
  };
  const { log, store } = await open();
  await log.start();
  return {
    log,
    stored: (room) => storedBodies(store, room),
    async reopen() {
      await end();
      const { log } = await open();
      await log.start();
      return log;
    },
  };
});
