import { readFileSync } from 'node:fs';

/**
 * Bytes in the kernel's send queues, of all connections to a port of this machine: what the server
 * has written and no peer has read is there first, up to some megabytes each, and only then in the
 * server (Linux; elsewhere 0).
 */
export function sendQueueBytes(port: number): number {
  if (process.platform !== 'linux') return 0;
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const [, ...lines] = readFileSync('/proc/net/tcp', 'latin1').trimEnd().split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, address]) => address?.endsWith(local))
    .reduce((bytes, [, , , , queues = '']) => bytes + Number.parseInt(queues, 16), 0);
}
