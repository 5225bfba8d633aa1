#!/usr/bin/env node
/** `hub <command>`: data on stdout, everything else on stderr, exit codes as documented in the README. */
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `hub needs Node 24 or newer; this is ${process.version}. ` +
      'In a checkout, npm brings the right one along: npm run hub -- <command>\n',
  );
  process.exit(2);
}
// Not imported above: an older Node has no such export, and would say so instead of the sentence above.
const { enableCompileCache } = await import('node:module');
// Stripping and compiling some hundred files is most of the start-up; the second start finds it done.
enableCompileCache();
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
