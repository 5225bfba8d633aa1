/** Notices that the admin has edited hub.yaml or a mapping. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { LoadedSettings } from '../settings/load.ts';
import { mappingFile } from './mapping-files.ts';

/**
 * Names the contents of all files that the settings are made of, and when they were saved. Looked at again and again
 * rather than waited for: editors replace files, mounts swap whole folders, and network drives report nothing.
 */
export function stateOfFiles(settings: LoadedSettings): string {
  const files = Object.values(settings.connections).map((connection) => mappingFile(settings, connection));
  const hash = createHash('sha256');
  for (const file of new Set([settings.file, ...files])) hash.update(`${file}\n${stateOf(file)}\n`);
  return hash.digest('hex');
}

function stateOf(file: string): string {
  try {
    return `${statSync(file).mtimeMs} ${readFileSync(file, 'utf8')}`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
  }
}
