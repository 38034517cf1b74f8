import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects what nobody needs any more: what is left is what the server keeps. */
function collect() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** Loaded into a server that is measured: tells the one who started it what it has used so far. */
process.on('message', (what) => {
  if (what !== 'all' && what !== 'kept') return;
  if (what === 'kept') collect();
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6, memoryBytes: process.memoryUsage.rss() });
});
// Listening to its parent does not keep a server alive.
process.channel?.unref();
