import type { TestContext } from 'node:test';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { ChatLog } from '../../server/features/change.ts';
import { Channel, type Port } from '../../server/workers/channel.ts';
import type { ChannelToPrimary, ChannelToWorker } from '../../server/workers/methods.ts';
import type { WorkerLinks } from '../../server/workers/worker-links.ts';
import type { Client } from './client.ts';
import type { TestUser } from './test-user.ts';

/** Two ports that are connected, in one process. */
export function connectedPorts(): readonly [Port, Port] & { readonly close: () => void } {
  const { port1, port2 } = new MessageChannel();
  const close = () => port1.close();
  return Object.assign([toPort(port1), toPort(port2)] as const, { close });
}

function toPort(port: MessagePort): Port {
  return {
    send(packet, onSent) {
      port.postMessage(packet);
      onSent();
    },
    onPacket: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
  };
}

/** Adds a worker in this process, and returns its end of the connection. */
export function linkWorker(links: WorkerLinks, id: string, log: Pick<ChatLog, 'head' | 'append'>) {
  const ports = connectedPorts();
  const ofPrimary: ChannelToWorker = new Channel(ports[0]);
  const ofWorker: ChannelToPrimary = new Channel(ports[1]);
  links.add(id, ofPrimary, log);
  return { channel: ofWorker, close: ports.close };
}

/** What a server with workers says of them. */
export const METRICS_TOKEN = 'a token of sixteen';

/** The samples of a metric of each worker, by its id. */
export async function perWorker(
  port: number,
  metric: string,
): Promise<ReadonlyMap<string, number>> {
  const text = await metricsText(port);
  const samples = text.matchAll(new RegExp(`^${metric}\\{worker="(\\d+)"\\} (.+)$`, 'gm'));
  return new Map([...samples].map(([, worker = '', value]) => [worker, Number(value)]));
}

export async function metricsText(port: number): Promise<string> {
  const headers = { Authorization: `Bearer ${METRICS_TOKEN}` };
  return (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
}

/** Two connections of a user to a room, one to each worker: connections are accepted in turn. */
export async function onBoth(
  t: TestContext,
  user: TestUser,
  room: string,
): Promise<readonly Client[]> {
  const before = await perWorker(user.port, 'typhoon_worker_waiters');
  for (;;) {
    const clients = [await user.live(t, room), await user.live(t, room)];
    const now = await perWorker(user.port, 'typhoon_worker_waiters');
    if ([...now].every(([worker, count]) => count === (before.get(worker) ?? 0) + 1))
      return clients;
    for (const { ws } of clients) ws.terminate();
    await Promise.all(clients.map(({ closed }) => closed));
  }
}
