// Loaded first, by any version of Node: so it has to be old JavaScript.
var major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    'Typhoon needs Node 24 or newer, and this is ' +
      process.version +
      '. ' +
      'Run npm ci, which brings one of its own, or install a newer Node.',
  );
  process.exit(1);
}
// The compile cache is stored with the packages; if that is impossible, nothing is cached.
require('node:module').enableCompileCache(
  require('node:path').join(__dirname, '../node_modules/.cache/compile'),
);
