import { defineMessages } from './define-messages.ts';

/** The nodes of a cluster, for the owner of the server. */
export const cluster = defineMessages(
  {
    'overview-of-node':
      'Connections are those of all nodes. Everything else above is about this node, {host}.',
    'cluster-nodes': 'Nodes of the cluster',
    'this-node': 'this node',
    'node-ready': 'ready',
    'node-behind': 'behind, no new connections',
    'node-cut-off': 'cut off from the log, no connections',
    'node-place': 'place {place} in the log',
    'node-lag': { one: '{count} place behind', other: '{count} places behind' },
    'node-agrees': 'has decided the same as this node',
    'node-differs': 'has decided otherwise than this node',
    'nats-servers': 'NATS servers',
    'nats-leader': 'leader',
    'nats-current': 'up to date',
    'nats-behind': 'behind',
    'nats-unreachable': 'unreachable',
    'no-leader': 'No NATS server leads the log. Nothing can be sent until one does.',
  },
  {
    'overview-of-node': '连接数为所有节点之和，以上其他信息仅针对本节点 {host}。',
    'cluster-nodes': '集群节点',
    'this-node': '本节点',
    'node-ready': '就绪',
    'node-behind': '落后，不接受新连接',
    'node-cut-off': '与日志断开，不接受连接',
    'node-place': '日志位置 {place}',
    'node-lag': '落后 {count} 个位置',
    'node-agrees': '与本节点一致',
    'node-differs': '与本节点不一致',
    'nats-servers': 'NATS 服务器',
    'nats-leader': '主节点',
    'nats-current': '已同步',
    'nats-behind': '落后',
    'nats-unreachable': '无法连接',
    'no-leader': '没有 NATS 服务器担任日志的主节点，在选出之前无法发送任何内容。',
  },
);
