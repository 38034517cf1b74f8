/** Loaded into a server that is measured: tells the one who started it what it has used so far. */
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6, memoryBytes: process.memoryUsage.rss() });
});
// Listening to its parent does not keep a server alive.
process.channel?.unref();
