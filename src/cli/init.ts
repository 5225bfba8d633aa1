/** `hub init`: a configuration to start from, the shipped mappings, and the key that seals secrets. */
import { constants, copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeKeyFile } from '../connector/keyring.ts';
import { exitCodes } from '../support/problem.ts';
import type { Cli } from './command.ts';
import { ownConfig } from './invocation.ts';
import { packageFolder } from './package.ts';

export const init: Cli = {
  run: async (invocation) => {
    const made = [...makeFiles(), ...makeKey()];
    invocation.print({ made }, () =>
      made.length > 0
        ? `Made ${made.join(', ')}. Fill in the connections in ${ownConfig}, then: npm run hub -- check`
        : 'Everything is there already; nothing was changed.',
    );
    return exitCodes.done;
  },
};

/** What is there already is left as it is. */
function makeFiles(): string[] {
  const shipped = packageFolder();
  const mappings = readdirSync(join(shipped, 'mappings')).map((name) => join('mappings', name));
  const wanted: [from: string, to: string][] = [
    [join(shipped, 'config', 'hub.example.yaml'), ownConfig],
    ...mappings.map((name): [string, string] => [join(shipped, name), name]),
  ];
  return wanted.flatMap(([from, to]) => {
    if (existsSync(to)) return [];
    mkdirSync(join(to, '..'), { recursive: true });
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    return [to];
  });
}

function makeKey(): string[] {
  mkdirSync('data', { recursive: true, mode: 0o700 });
  const file = join('data', 'hub.key');
  return makeKeyFile(file) ? [file] : [];
}
