/**
 * Where a connection's mapping stands. What an admin edits is a copy in a folder of its own (`config/mappings`), so that an
 * upgrade of the shipped files is no conflict; what nobody has copied is read as it is shipped.
 */
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { LoadedSettings } from '../settings/load.ts';
import type { ConnectionSettings } from '../settings/schema.ts';
import { fingerprint } from '../support/fingerprint.ts';
import { Problem, together } from '../support/problem.ts';
import { packageFolder } from './package.ts';

export function shippedMappings(): string {
  return join(packageFolder(), 'mappings');
}

type Places = Pick<LoadedSettings, 'mappings' | 'file'>;

/** Where the admin's own copies stand: beside hub.yaml where the settings name the shipped folder or none. */
export function ownMappings({ mappings, file }: Places): string {
  return mappings === shippedMappings() ? resolve(dirname(file), 'mappings') : mappings;
}

/** The admin's own file if there is one, else the shipped one. Where neither is there: where it should be. */
export function mappingFile(
  settings: Places,
  { connector, mapping }: Pick<ConnectionSettings, 'connector' | 'mapping'>,
): string {
  const name = mapping ?? `${connector}.yaml`;
  const folders = [
    ownMappings(settings),
    settings.mappings,
    ...(mapping === undefined ? [shippedMappings()] : []),
  ];
  const places = folders.map((folder) => join(folder, name));
  return places.find((place) => existsSync(place)) ?? places[0] ?? name;
}

type AllPlaces = Places & Pick<LoadedSettings, 'connections'>;

/** The admin's own copies that are read now. */
export function ownCopies(settings: AllPlaces): ReadonlySet<string> {
  const files = Object.values(settings.connections).map((connection) => mappingFile(settings, connection));
  return new Set(files.filter((file) => dirname(file) !== shippedMappings()));
}

/**
 * Throws where a copy that was read has gone: the shipped mapping in its place may write what the admin had taken out,
 * and a folder that is being swapped looks the same. An admin who means it starts the hub again.
 */
export function refuseLostCopies(read: ReadonlySet<string>, edited: AllPlaces): void {
  const now = ownCopies(edited);
  const problems = Object.values(edited.connections)
    .map(({ connector, mapping }) => join(ownMappings(edited), mapping ?? `${connector}.yaml`))
    .filter((file) => read.has(file) && !now.has(file))
    .map((where) => {
      const remedy = 'Put it back, or start the hub again to read the shipped one in its place.';
      return new Problem('configuration', 'Your copy of this mapping has gone.', { where, remedy });
    });
  if (problems.length > 0) throw together(problems);
}

const mark = '# Copied from the shipped mapping ';

/** A copy of a shipped mapping that remembers what it was copied from. */
export function copyOf(shipped: string): string {
  return `${mark}${fingerprint(shipped).slice(0, 12)}. Edit freely: an upgrade does not touch this file.\n${shipped}`;
}

/** Whether the shipped mapping is another one than the copy was made from; null where the copy does not say. */
export function hasMovedOn(copy: string, shipped: string): boolean | null {
  if (!copy.startsWith(mark)) return null;
  return copy.slice(mark.length, mark.length + 12) !== fingerprint(shipped).slice(0, 12);
}

/** From where the admin stands, for what lies below. */
export function shownAs(file: string): string {
  const near = relative(process.cwd(), file);
  return near.startsWith('..') ? file : near;
}
