/** Where the hub's own keys come from: the environment, else a file that only its owner may read. */
import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { Problem } from '../support/problem.ts';
import { type Key, type Keyring, keyFrom } from './secrets.ts';

export interface KeySource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One key a line in base64, the newest first. */
  readonly file: string;
}

const variable = 'HUB_KEY';

/**
 * `HUB_KEY` (base64, 32 bytes; several parted by commas, the newest first) before the file. Throws a
 * `configuration` Problem when there is no key, one is malformed, or others may read the file.
 */
export function loadKeyring({ env, file }: KeySource): Keyring {
  const given = env[variable];
  return given === undefined || given.trim() === ''
    ? ringOf(readPrivate(file), file)
    : ringOf(given.split(','), `environment variable ${variable}`);
}

/** Makes a key file for `hub init`; an existing one is left as it is. Returns whether one was made. */
export function makeKeyFile(file: string): boolean {
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw cause;
  }
}

function ringOf(lines: readonly string[], where: string): Keyring {
  const [first, ...rest] = lines
    .filter((line) => line.trim() !== '')
    .map((line) => keyOf(line.trim(), where));
  if (first === undefined) throw noKey(where);
  return [first, ...rest];
}

function keyOf(text: string, where: string): Key {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) {
    throw new Problem('configuration', 'a hub key is not 32 bytes in base64', {
      where,
      remedy: 'Make one with: openssl rand -base64 32',
    });
  }
  return keyFrom(Buffer.from(text, 'base64'));
}

/** Looks at the permissions of the very file that it reads, not of whatever has that name by then. */
function readPrivate(file: string): string[] {
  const handle = openForReading(file);
  try {
    // Windows has no such permission bits.
    const openTo = process.platform === 'win32' ? 0 : fstatSync(handle).mode & 0o077;
    if (openTo !== 0) {
      throw new Problem('configuration', 'the key file may be read or changed by others', {
        where: file,
        remedy: `Close it with: chmod 600 ${file}`,
      });
    }
    return readFileSync(handle, 'utf8').split('\n');
  } finally {
    closeSync(handle);
  }
}

function openForReading(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (cause) {
    throw codeOf(cause) === 'ENOENT' ? noKey(file) : cause;
  }
}

function noKey(where: string): Problem {
  return new Problem('configuration', 'there is no hub key', {
    where,
    remedy: `Run "hub init" to make a key file, or set ${variable}.`,
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
