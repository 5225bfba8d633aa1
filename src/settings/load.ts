/** Reads `hub.yaml`: YAML, then environment references, then the schema; every complaint has a line. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { Problem } from '../support/problem.ts';
import { type Settings, settingsSchema, temporaryData } from './schema.ts';

export interface LoadedSettings extends Settings {
  /** Path as given, for messages. */
  readonly file: string;
}

/** Relative paths in the file are relative to the folder above `config/`, that is the hub's root. */
export function loadSettings(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): LoadedSettings {
  const { document, lines } = parse(file);
  const raw = expand(document.toJS(), env, file);
  const parsed = settingsSchema.safeParse(raw);
  if (!parsed.success) throw complaint(file, document, lines, parsed.error);
  const root = resolve(dirname(file), '..');
  const { data, mappings, ...others } = parsed.data;
  // A throw-away hub must not end up in the database that a real one lives in.
  const shared = data === temporaryData ? undefined : env.DATABASE_URL;
  return {
    ...(shared ? { database: shared } : {}),
    ...others,
    data: data === temporaryData ? data : resolve(root, data),
    mappings: resolve(root, mappings),
    file,
  };
}

function parse(file: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter();
  const document = parseDocument(read(file), { lineCounter: lines });
  const first = document.errors[0];
  if (first) {
    const { line } = lines.linePos(first.pos[0]);
    throw new Problem('configuration', `This is not valid YAML: ${first.message.split('\n')[0]}`, {
      where: `${file}:${line}`,
      remedy: 'Mend the line and start again.',
    });
  }
  return { document, lines };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Problem('configuration', 'The configuration cannot be read.', {
      where: file,
      remedy: 'Run `npm run hub -- init` to make one.',
      cause,
    });
  }
}

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Replaces `${NAME}` and `${NAME:-default}` in every text; a secret never has to stand in the file. */
function expand(value: unknown, env: Readonly<Record<string, string | undefined>>, file: string): unknown {
  if (typeof value === 'string') {
    return value.replace(reference, (_, name: string, fallback: string | undefined) => {
      const found = env[name] ?? fallback;
      if (found !== undefined) return found;
      throw new Problem('configuration', `The environment variable ${name} is not set.`, {
        where: file,
        remedy: `Set ${name}, or give it a default as \${${name}:-value}.`,
      });
    });
  }
  if (Array.isArray(value)) return value.map((item) => expand(item, env, file));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(item, env, file)]));
}

function complaint(file: string, document: Document, lines: LineCounter, error: z.ZodError): Problem {
  const issue = error.issues[0];
  const path = (issue?.path ?? []).map(String);
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const at = lineOf(document, lines, unknown ? [...path, unknown] : path);
  const place = path.length > 0 ? `${path.join('.')}: ` : '';
  return new Problem('configuration', `${place}${issue?.message ?? 'is not as it should be'}.`, {
    where: `${file}:${at}`,
    remedy: 'config/hub.example.yaml shows every setting.',
  });
}

/** Line of the deepest part of the path that the file has. */
function lineOf(document: Document, lines: LineCounter, path: readonly string[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === step);
    if (!pair) break;
    offset = (pair.key as Node).range?.[0] ?? offset;
    node = pair.value;
  }
  return lines.linePos(offset).line;
}
