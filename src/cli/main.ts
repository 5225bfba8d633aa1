#!/usr/bin/env node
/** `hub <command>`: data on stdout, everything else on stderr, exit codes as documented in the README. */
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `hub needs Node 24 or newer, this is ${process.version}. Start it by npm: npm run hub -- <command>\n`,
  );
  process.exit(2);
}
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
