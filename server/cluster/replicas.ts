/** Servers that store each entry and each file, where there are as many. */
const REPLICAS = 3;

/** On how many of these servers everything is stored. */
export function replicasOn(servers: readonly string[]): number {
  return servers.length >= REPLICAS ? REPLICAS : 1;
}
