import { connectNats } from './connect.ts';
import { LogStream } from './log-stream.ts';
import { replicasOn } from './replicas.ts';

/**
 * The log on these servers, over a connection of its own, which is to be closed.
 * @throws StartupError where they cannot be reached, or do not answer
 */
export async function openStream(servers: readonly string[]): Promise<LogStream> {
  const connection = await connectNats(servers);
  try {
    return await LogStream.open(connection, replicasOn(servers));
  } catch (error) {
    await connection.close();
    throw error;
  }
}
