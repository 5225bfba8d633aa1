/** `hub init`: a configuration to start from, and the key that seals secrets. */
import { constants, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeKeyFile } from '../connector/keyring.ts';
import { exitCodes } from '../support/problem.ts';
import type { Cli } from './command.ts';

const target = 'config/hub.yaml';

export const init: Cli = {
  run: async (invocation) => {
    const made: string[] = [];
    if (!existsSync(target)) {
      copyFileSync('config/hub.example.yaml', target, constants.COPYFILE_EXCL);
      made.push(target);
    }
    mkdirSync('data', { recursive: true });
    const keyFile = join('data', 'hub.key');
    if (makeKeyFile(keyFile)) made.push(keyFile);
    invocation.print({ made }, () =>
      made.length > 0
        ? `Made ${made.join(' and ')}. Fill in the connections, then: npm run hub -- check`
        : 'Everything is there already; nothing was changed.',
    );
    return exitCodes.done;
  },
};
