import { setTimeout as pause } from 'node:timers/promises';
import type { AttackedServer } from './attacked-server.ts';
import { AttackedServers } from './attacked-servers.ts';
import { ATTACKS, type Attack } from './attacks.ts';
import { Connection, END_OF_STREAM } from './connection.ts';
import { type Header, requestBytes } from './request.ts';

/*
 * One address sends the most expensive requests over many connections, as fast as it can. Another
 * client polls twenty times a second, and counts its responses.
 */

const CONNECTIONS = 32;
const EVERY_MS = 50;

/** The effect on another client while one address attacks. */
export interface StarvationRow {
  readonly attack: string;
  /** The number of its responses, relative to those without the attack. */
  readonly part: number;
  /** Its longest wait for a response. */
  readonly longestMs: number;
  /** Responses to the attacker: successful ones, and those that rate-limited it. */
  readonly accepted: number;
  readonly rejected: number;
}

/** @param matches whether an attack is measured, by its name */
export async function* measureStarvation(
  matches: (attack: string) => boolean,
  seconds: number,
): AsyncGenerator<StarvationRow> {
  const all = ATTACKS.filter(({ name }) => matches(name));
  if (all.length === 0) return;
  const servers = new AttackedServers({ hasHistory: true });
  try {
    await servers.use((server) => polls(server, 1));
    const alone = (await servers.use((server) => polls(server, seconds)))?.count ?? 0;
    for (const attack of all) {
      const row = await servers.use((server) => attackedBy(server, attack, alone, seconds));
      yield row ?? { ...ENDED, attack: attack.name };
    }
  } finally {
    await servers.close();
  }
}

/** The server has crashed. */
const ENDED = { part: 0, longestMs: Number.POSITIVE_INFINITY, accepted: 0, rejected: 0 };

async function attackedBy(
  server: AttackedServer,
  attack: Attack,
  alone: number,
  seconds: number,
): Promise<StarvationRow> {
  const address = server.address();
  const until = performance.now() + (seconds + 1) * 1_000;
  const attackers = Array.from({ length: CONNECTIONS }, (_, n) =>
    repeat(server, attack, address, n * 1_000, until),
  );
  const { count, longestMs } = await polls(server, seconds);
  const answers = (await Promise.all(attackers)).flat();
  const rejected = answers.filter((status) => /^(429|503|)$/.test(status)).length;
  await server.settled();
  const accepted = answers.length - rejected;
  return { attack: attack.name, part: count / alone, longestMs, accepted, rejected };
}

/** Sends one request after another. @returns the statuses of the responses */
async function repeat(
  server: AttackedServer,
  attack: Attack,
  address: string,
  from: number,
  until: number,
) {
  const statuses: string[] = [];
  for (let n = from; performance.now() < until; n += 1) {
    const request = await attack.request(server, n);
    const headers: Header[] = [
      ['Host', server.host],
      ['X-Forwarded-For', address],
      ['Content-Type', 'application/json'],
      ['Accept', 'text/html'],
    ];
    const connection = await Connection.open(server.port);
    connection.write(requestBytes({ ...request, headers }));
    await connection.ended(END_OF_STREAM);
    connection.close();
    statuses.push(connection.status);
  }
  return statuses;
}

/** Sends one request after another, at a harmless rate. */
async function polls(server: AttackedServer, seconds: number) {
  const address = server.address();
  const until = performance.now() + seconds * 1_000;
  let count = 0;
  let longestMs = 0;
  while (performance.now() < until) {
    const start = performance.now();
    const headers = { 'X-Forwarded-For': address, Accept: 'application/json' };
    const isAnswered = await fetch(`http://${server.host}/rooms/quiet/messages`, { headers }).then(
      (answer) => answer.arrayBuffer().then(() => answer.ok),
      () => false,
    );
    const waited = performance.now() - start;
    if (isAnswered) count += 1;
    longestMs = Math.max(longestMs, waited);
    await pause(Math.max(0, EVERY_MS - waited));
  }
  return { count, longestMs };
}
