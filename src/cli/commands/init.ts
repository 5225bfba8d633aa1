/** `hub init`: a configuration to start from, and the key that seals secrets. */
import { constants, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageFolder } from '../../app/package.ts';
import { makeKeyFile } from '../../connector/keyring.ts';
import { exitCodes } from '../../support/problem.ts';
import type { Cli } from '../command.ts';
import { ownConfig } from '../invocation.ts';

export const init: Cli = {
  run: async (invocation) => {
    const made = [...makeFiles(), ...makeKey()];
    invocation.print({ made }, () =>
      made.length > 0
        ? `Made ${made.join(', ')}. Fill in the connections in ${ownConfig}, then run \`hub check\``
        : 'Everything is there already; nothing was changed.',
    );
    return exitCodes.done;
  },
};

/** What is there already is left as it is. */
function makeFiles(): string[] {
  if (existsSync(ownConfig)) return [];
  mkdirSync(dirname(ownConfig), { recursive: true });
  copyFileSync(join(packageFolder(), 'config', 'hub.example.yaml'), ownConfig, constants.COPYFILE_EXCL);
  return [ownConfig];
}

function makeKey(): string[] {
  mkdirSync('data', { recursive: true, mode: 0o700 });
  const file = join('data', 'hub.key');
  return makeKeyFile(file) ? [file] : [];
}
