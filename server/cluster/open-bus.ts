import { connectNats } from './connect.ts';
import { Envelope } from './envelope.ts';
import { NatsBus } from './nats-bus.ts';

/**
 * Opens the bus between the nodes, over a connection of its own.
 * @param key 32 bytes, the same on all nodes
 * @throws StartupError where no server can be reached
 */
export async function openBus(servers: readonly string[], key: Buffer): Promise<NatsBus> {
  return new NatsBus(await connectNats(servers), new Envelope(key));
}
