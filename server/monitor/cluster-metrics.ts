import type { ClusterStatus } from '../cluster/cluster-status.ts';
import type { MetricsText } from './metrics-text.ts';

/** What a node of a cluster knows of itself, the other nodes and the NATS servers. */
export function addCluster(text: MetricsText, { nodes, servers }: ClusterStatus): void {
  const [own, ...others] = nodes;
  if (!own) return;
  const { place, lag, lack } = own;
  text.gauge('typhoon_cluster_place', 'The last place in the log that was applied here.', place);
  text.gauge('typhoon_cluster_lag_places', 'Places that another node is ahead.', lag);
  text.gauge(
    'typhoon_cluster_reachable',
    '0 where the log is cut off.',
    lack === 'cut-off' ? 0 : 1,
  );
  text.gauge('typhoon_cluster_nodes', 'Other nodes that are heard.', others.length);
  text.gauge(
    'typhoon_cluster_nodes_differing',
    'Other nodes that have decided otherwise.',
    others.filter(({ agrees }) => agrees === false).length,
  );
  const byVersion = Map.groupBy(others, ({ version }) => version);
  text.gauges(
    'typhoon_cluster_node_versions',
    'Other nodes that are heard, by their version.',
    [...byVersion].map(([version, same]) => [{ version }, same.length]),
  );
  text.gauge(
    'typhoon_cluster_has_leader',
    '0 where no NATS server leads the log: nothing can be written.',
    servers.some(({ role }) => role === 'leader') ? 1 : 0,
  );
  text.gauges(
    'typhoon_cluster_server_leads',
    '1 for the NATS server that leads the log.',
    servers.map(({ name, role }) => [{ server: name }, role === 'leader' ? 1 : 0]),
  );
  text.gauges(
    'typhoon_cluster_server_reachable',
    '0 where the NATS server that leads cannot reach this one.',
    servers.map(({ name, role }) => [{ server: name }, role === 'unreachable' ? 0 : 1]),
  );
}
