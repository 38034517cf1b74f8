// Loaded before anything else, by whatever Node there is: so it has to be plain old JavaScript.
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
// What has been compiled once is kept with the packages; where that cannot be, nothing is kept.
require('node:module').enableCompileCache(
  require('node:path').join(__dirname, '../node_modules/.cache/compile'),
);
