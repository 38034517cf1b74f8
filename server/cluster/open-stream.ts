import { connectNats } from './connect.ts';
import { LogStream } from './log-stream.ts';

/** Servers that store each entry, where there are as many. */
const REPLICAS = 3;

/**
 * The log on these servers, over a connection of its own, which is to be closed.
 * @throws StartupError where they cannot be reached, or do not answer
 */
export async function openStream(servers: readonly string[]): Promise<LogStream> {
  const connection = await connectNats(servers);
  try {
    return await LogStream.open(connection, servers.length >= REPLICAS ? REPLICAS : 1);
  } catch (error) {
    await connection.close();
    throw error;
  }
}
