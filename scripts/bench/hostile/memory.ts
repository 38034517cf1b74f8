import type { AttackedServer } from './attacked-server.ts';
import { AttackedServers } from './attacked-servers.ts';
import { Connection } from './connection.ts';
import { type MemoryCase, memoryCases } from './memory-cases.ts';
import { sendQueueBytes } from './send-queues.ts';

/** The maximum that the server may hold for one client. */
export const BOUND_BYTES = 1_000_000;
const CLIENTS = 10;

/** What is held for one client. */
export interface MemoryRow {
  readonly what: string;
  /** By the server: objects and buffers. Infinite if the server ended. */
  readonly bytes: number;
  /** By the kernel, of what the server has written and the client has not read. */
  readonly kernelBytes: number;
}

/** @param matches whether something is measured, by its name */
export async function* measureMemory(
  matches: (what: string) => boolean,
): AsyncGenerator<MemoryRow> {
  const all = memoryCases().filter(({ what }) => matches(what));
  if (all.length === 0) return;
  const servers = new AttackedServers({ hasHistory: true });
  try {
    for (const memoryCase of all) {
      const held = await servers.use((server) => heldFor(server, memoryCase));
      yield held ?? { what: memoryCase.what, bytes: Number.POSITIVE_INFINITY, kernelBytes: 0 };
    }
  } finally {
    await servers.close();
  }
}

/** The first client loads what all share: the room, and what is rendered of it. */
async function heldFor(server: AttackedServer, { what, bytes }: MemoryCase): Promise<MemoryRow> {
  const clients = Array.from({ length: CLIENTS + 1 }, async () => {
    const connection = await Connection.open(server.port);
    connection.stop();
    return { connection, bytes: await bytes(server) };
  });
  const [first, ...others] = await Promise.all(clients);
  first?.connection.write(first.bytes);
  await server.settled();
  const before = await held(server);
  for (const { connection, bytes: sent } of others) connection.write(sent);
  await server.settled();
  const after = await held(server);
  for (const { connection } of await Promise.all(clients)) connection.close();
  await server.settled();
  const each = (all: number) => Math.round(Math.max(0, all) / CLIENTS);
  return {
    what,
    bytes: each(after.bytes - before.bytes),
    kernelBytes: each(after.kernelBytes - before.kernelBytes),
  };
}

async function held(server: AttackedServer) {
  return { bytes: await server.heapBytes(), kernelBytes: sendQueueBytes(server.port) };
}
