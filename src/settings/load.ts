/** Reads `hub.yaml`: YAML, then environment references, then the schema; every complaint has its line. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Problem, together } from '../support/problem.ts';
import { inspect } from '../support/schema.ts';
import { readYaml, type YamlText } from '../support/yaml.ts';
import { type Settings, settingsSchema, temporaryData } from './schema.ts';

export interface LoadedSettings extends Settings {
  /** Directory of the admin's own mapping files. */
  readonly mappings: string;
  /** Path as given, for messages. */
  readonly file: string;
  /** `file:line` of a setting; absent when the settings did not come from a file. */
  place?(path: readonly string[]): string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Relative paths in the file are relative to the folder above `config/`, that is the hub's root. */
export function loadSettings(file: string, env: Environment): LoadedSettings {
  const yaml = readYaml(read(file));
  if (yaml.fault) {
    const { line, message, remedy } = yaml.fault;
    throw complaint(`${file}:${line}`, message, remedy);
  }
  const place = (path: readonly string[]) => `${file}:${yaml.lineOf(path)}`;
  const raw = expandAll(yaml, env, place);
  return { ...located(parse(raw, place), env, file), file, place };
}

type PlaceOf = (path: readonly string[]) => string;

function parse(raw: unknown, place: PlaceOf): Settings {
  const found = inspect(settingsSchema, raw ?? {});
  if (found.right) return found.data;
  const shown = 'config/hub.example.yaml shows every setting.';
  throw together(
    found.complaints.map(({ path, message, remedy = shown }) => complaint(place(path), message, remedy)),
  );
}

function complaint(where: string, message: string, remedy: string): Problem {
  return new Problem('configuration', message, { where, remedy });
}

function located(
  { data, mappings, ...others }: Settings,
  env: Environment,
  file: string,
): Settings & { mappings: string } {
  const root = resolve(dirname(file), '..');
  const isTemporary = data === temporaryData;
  // A throw-away hub must not end up in the database that a real one lives in.
  const shared = isTemporary ? undefined : env.DATABASE_URL;
  return {
    ...(shared ? { database: shared } : {}),
    ...others,
    data: isTemporary ? data : resolve(root, data),
    mappings: mappings === undefined ? ownMappings(root) : resolve(root, mappings),
  };
}

/** A hub that was set up with its mappings in `mappings/` keeps them there. */
function ownMappings(root: string): string {
  const [earlier, own] = [resolve(root, 'mappings'), resolve(root, 'config/mappings')];
  return existsSync(earlier) ? earlier : own;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Problem('configuration', 'The configuration cannot be read.', {
      where: file,
      remedy: 'Run `hub init` to make one, or name another with --config.',
      cause,
    });
  }
}

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Replaces `${NAME}` and `${NAME:-default}` in every text; a secret never has to stand in the file. */
function expandAll({ data }: YamlText, env: Environment, place: PlaceOf): unknown {
  const missing: Problem[] = [];
  const expandText = (text: string, path: readonly string[]) =>
    text.replace(reference, (whole, name: string, fallback: string | undefined) => {
      const found = fallback === undefined ? env[name] : env[name] || fallback;
      if (found !== undefined) return found;
      const remedy = `Set ${name}, or give it a default as \${${name}:-value}.`;
      missing.push(complaint(place(path), `The environment variable ${name} is not set.`, remedy));
      return whole;
    });
  const expand = (value: unknown, path: readonly string[]): unknown => {
    if (typeof value === 'string') return expandText(value, path);
    if (Array.isArray(value)) return value.map((item, index) => expand(item, [...path, String(index)]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, expand(item, [...path, key])]),
    );
  };
  const expanded = expand(data, []);
  if (missing.length > 0) throw together(missing);
  return expanded;
}
