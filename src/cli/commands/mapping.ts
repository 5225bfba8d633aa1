/** `hub mapping`: which mapping each connection uses; `hub mapping edit <system>` makes a copy of the shipped one to edit. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  copyOf,
  hasMovedOn,
  mappingFile,
  ownMappings,
  shippedMappings,
  shownAs,
} from '../../app/mapping-files.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import { didYouMean } from '../../support/nearest.ts';
import { exitCodes, Problem } from '../../support/problem.ts';
import type { Cli } from '../command.ts';

const actions = ['list', 'edit'];

interface Line {
  readonly connection: string;
  readonly system: string;
  readonly file: string;
  readonly own: boolean;
  /** The shipped mapping has changed since the copy was made; null: not known. */
  readonly shippedChanged: boolean | null;
}

export const mapping: Cli = {
  run: async (invocation, [action = 'list', system]) => {
    const settings = await invocation.settings();
    if (action === 'edit') {
      const made = edit(settings, system);
      invocation.print({ made }, () => `Made ${made}. Edit it, then run \`hub check\``);
      return exitCodes.done;
    }
    if (action !== 'list')
      throw new Problem('usage', `"${action}" is not something to do with mappings.`, {
        remedy: didYouMean(action, actions),
      });
    const lines = Object.entries(settings.connections).map(([name, connection]) =>
      lineOf(name, connection.connector, mappingFile(settings, connection)),
    );
    invocation.print({ mappings: lines }, () => lines.map(text).join('\n'));
    return exitCodes.done;
  },
};

function lineOf(connection: string, connector: string, file: string): Line {
  const shipped = shippedFile(connector);
  const own = file !== shipped;
  const known = own && existsSync(file) && existsSync(shipped);
  const shippedChanged = known ? hasMovedOn(read(file), read(shipped)) : null;
  return { connection, system: connector, file: shownAs(file), own, shippedChanged };
}

function text({ connection, system, file, own, shippedChanged }: Line): string {
  if (!own) return `${connection}: ${file}, as shipped. To change it: \`hub mapping edit ${system}\``;
  const moved = shippedChanged === true ? '; the shipped one has changed since, compare the two' : '';
  return `${connection}: ${file}, your own${moved}`;
}

/** Copies the shipped mapping of a system to where the hub reads the admin's own; what is there stays. */
function edit(settings: LoadedSettings, system: string | undefined): string {
  const systems = [...new Set(Object.values(settings.connections).map(({ connector }) => connector))];
  if (system === undefined || !systems.includes(system))
    throw new Problem(
      'usage',
      system === undefined ? 'Which mapping?' : `No connection is of the system "${system}".`,
      {
        remedy: didYouMean(system ?? '', systems),
      },
    );
  const [from, to] = [shippedFile(system), join(ownMappings(settings), `${system}.yaml`)];
  if (existsSync(to))
    throw new Problem('usage', 'There is a mapping of your own already.', {
      where: shownAs(to),
      remedy: 'Edit it where it is; to start afresh, move it away first.',
    });
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, copyOf(read(from)), { flag: 'wx' });
  return shownAs(to);
}

function shippedFile(system: string): string {
  return join(shippedMappings(), `${system}.yaml`);
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}
