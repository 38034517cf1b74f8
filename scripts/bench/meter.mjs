import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects garbage: what is left is what the server holds. */
function collect() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** Loaded into the measured server: reports its resource usage to the parent. */
process.on('message', (what) => {
  if (what !== 'all' && what !== 'retained') return;
  if (what === 'retained') collect();
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6, memoryBytes: process.memoryUsage.rss() });
});
// The channel does not keep the server running.
process.channel?.unref();
