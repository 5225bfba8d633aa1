/**
 * Exchanges with vendors that somebody recorded, in any of three forms: rows of `{source, base, method, path,
 * status, headers, body}` (`.jsonl`), an array of `{host, method, path, status, headers, response}` (as nock's
 * recorder leaves them), or a file that is nothing but one answer.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Json, JsonObject } from '../../src/support/json.ts';
import { Problem } from '../../src/support/problem.ts';

export interface Exchange {
  /** File, and line or place in it. */
  readonly source: string;
  /** Empty where the recording does not say, as in a file that is nothing but an answer. */
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** What was sent; null for nothing. */
  readonly sent: Json;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where it is JSON, else as text. */
  readonly body: Json;
}

const json = z.custom<Json>(() => true);
const texts = z.record(z.string(), z.string());

const row = z
  .object({
    base: z.string().default(''),
    method: z.string(),
    path: z.string(),
    status: z.number(),
    reqBody: json.optional(),
    headers: texts.default({}),
    body: json.optional(),
  })
  .transform(({ base, reqBody, ...rest }) => ({ ...rest, host: base, sent: reqBody ?? null }));

const interaction = z
  .object({
    host: z.string().default(''),
    method: z.string(),
    path: z.string(),
    status: z.number(),
    body: json.optional(),
    headers: texts.default({}),
    response: json,
  })
  .transform(({ body, response, ...rest }) => ({ ...rest, sent: body ?? null, body: response }));

/** A file, or all files of a folder in the order of their names. Throws a `usage` Problem for what cannot be read. */
export function loadRecording(path: string): Exchange[] {
  return filesOf(path).flatMap((file) => readRecording(file, readFileSync(file, 'utf8')));
}

function filesOf(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((entry) => join(entry.parentPath, entry.name)).sort();
  } catch (cause) {
    const remedy = 'Give a recording, or a folder of recordings.';
    throw new Problem('usage', 'The recording cannot be read.', { where: path, remedy, cause });
  }
}

/** `file` is for messages and for its ending. */
export function readRecording(file: string, text: string): Exchange[] {
  if (/\.(jsonl|ndjson)$/.test(file)) return rowsOf(file, text);
  const whole = parsed(text);
  if (Array.isArray(whole) && whole.length > 0) {
    const interactions = z.array(interaction).safeParse(whole);
    if (interactions.success)
      return interactions.data.map((one, index) => exchange(`${file}[${index}]`, one));
  }
  const nothingElse = { host: '', method: 'GET', path: '', status: 200, sent: null, headers: {} };
  return [{ ...nothingElse, source: file, body: whole ?? text }];
}

function rowsOf(file: string, text: string): Exchange[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const source = `${file}:${index + 1}`;
    const found = row.safeParse(parsed(line));
    if (found.success) return [exchange(source, found.data)];
    throw new Problem('usage', 'This line is no recorded exchange.', {
      where: source,
      remedy:
        'A row is JSON with method, path, status, headers and body. Chat events come in with `import chat`.',
    });
  });
}

function exchange(source: string, told: z.infer<typeof row>): Exchange {
  const headers = Object.entries(told.headers).map(([name, value]) => [name.toLowerCase(), value]);
  const body = typeof told.body === 'string' ? (parsed(told.body) ?? told.body) : (told.body ?? null);
  return { ...told, source, headers: Object.fromEntries(headers), body };
}

/** Undefined for what is no JSON. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** What an exchange was, in few words: `PATCH /services/data/v42.0/composite/sobjects 200`. */
export function titleOf({ source, method, path, status }: Exchange): string {
  return path === '' ? basename(source) : `${method} ${path} ${status}`;
}

/** Every object inside a value, outer ones first. */
export function* objectsIn(value: Json): Generator<JsonObject> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as JsonObject;
  for (const member of Object.values(value)) yield* objectsIn(member);
}
