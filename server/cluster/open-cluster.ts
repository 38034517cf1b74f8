import { connectNats } from './connect.ts';
import { Envelope } from './envelope.ts';
import { NatsBus } from './nats-bus.ts';
import { NatsFiles } from './nats-files.ts';

/**
 * Opens the bus between the nodes, over a connection of its own.
 * @param key 32 bytes, the same on all nodes
 * @throws StartupError where no server can be reached
 */
export async function openBus(servers: readonly string[], key: Buffer): Promise<NatsBus> {
  return new NatsBus(await connectNats(servers), new Envelope(key));
}

/** Opens what the nodes of a cluster share besides the log. @throws StartupError */
export async function openCluster(servers: readonly string[], key: Buffer) {
  const files = await NatsFiles.open(servers, key);
  try {
    const bus = await openBus(servers, key);
    return { bus, files, close: () => Promise.all([bus.close(), files.close()]) };
  } catch (error) {
    await files.close();
    throw error;
  }
}
